#include <painters/engine/scores.hpp>

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
