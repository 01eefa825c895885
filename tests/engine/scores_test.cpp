#include <painters/engine/scores.hpp>

#include <cstddef>

#include <painters/error.hpp>

#include "support/catch.hpp"

using painters::engine::Scores;

TEST_CASE("scores are found by plan and request", "[engine][scores]") {
  Scores scores(2, 3);
  scores(1, 2).loglikelihood = -4;
  CHECK(scores.plans() == 2);
  CHECK(scores.requests() == 3);
  CHECK(scores.of_plan(1).size() == 3);
  CHECK(scores.of_plan(1)[2].loglikelihood == -4);
  CHECK(scores.of_plan(0)[2].loglikelihood == 0);
  CHECK(Scores(0, 3).plans() == 0);
}

TEST_CASE("scores of plans and requests that nobody asked for are refused", "[engine][scores]") {
  Scores scores(2, 3);
  const Scores& constant = scores;
  CHECK_THROWS_AS(scores(2, 0), painters::UsageError);
  CHECK_THROWS_AS(constant(0, 3), painters::UsageError);  // not that of plan 1
  CHECK_THROWS_AS(scores.of_plan(2), painters::UsageError);
  CHECK_THROWS_AS(Scores()(0, 0), painters::UsageError);
  CHECK_THROWS_AS(Scores(std::size_t{1} << 63, 2), painters::UsageError);
}
