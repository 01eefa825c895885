// ParallelMean, ParallelSum, their weighted forms, and Damped.
#include <painters/plan/combinators.hpp>
#include <painters/plan/literal.hpp>
#include <painters/plan/stream.hpp>

#include "support/catch.hpp"

using namespace painters;

namespace {

constexpr auto all = Sequence<8>{};

static_assert((all | ParallelMean<2, 4>{}) == "0, 1, mean(2..4), 5..7"_plan);
static_assert((all | ParallelSum<2, 4>{}) == "0, 1, sum(2..4), 5..7"_plan);
static_assert((all | ParallelMean{}) == "mean(0..7)"_plan);
static_assert((call(5) | ParallelMean{}) == "mean(5)"_plan);
static_assert(("(1, 2) x3, 4"_plan | ParallelMean{}) == "mean((1, 2) x3, 4)"_plan);
static_assert((all | window<2, 3>(WeightedMean<0.7, 0.3>{})) ==
              "0, 1, mean(2 * 0.7, 3 * 0.3), 4..7"_plan);
static_assert((all | window<2, 3>(WeightedSum<-1, 2>{})) == "0, 1, sum(2 * -1, 3 * 2), 4..7"_plan);
static_assert((all | window<2, 4>(Damped<0.5>{} | Loop<2>{})) ==
              "0, 1, sum((2..4) * 0.5) x2, 5..7"_plan);
static_assert((all | window<2, 3>(each(Damped<0.5>{}))) ==
              "0, 1, sum(2 * 0.5), sum(3 * 0.5), 4..7"_plan);

}  // namespace

TEST_CASE("run-time weights give what compile-time weights give", "[plan][parallel]") {
  const Plan two = Sequence{2, 3};
  REQUIRE((two | WeightedMean{0.7f, 0.3f}) == (two | WeightedMean<0.7, 0.3>{}));
  REQUIRE((two | WeightedMean{std::vector<float>{0.7f, 0.3f}}) == (two | WeightedMean<0.7, 0.3>{}));
  REQUIRE((two | WeightedSum{0.7f, 0.3f}) == (two | WeightedSum<0.7, 0.3>{}));
  REQUIRE((two | Damped{0.5f}) == (two | Damped<0.5>{}));
  REQUIRE((Sequence{8} | ParallelMean{2, 4}) == (all | ParallelMean<2, 4>{}));
  REQUIRE((Sequence{8} | ParallelSum{2, 4}) == (all | ParallelSum<2, 4>{}));
}

TEST_CASE("groups of nothing and weights that do not fit are refused", "[plan][parallel]") {
  REQUIRE_THROWS_WITH((Plan() | ParallelMean{}),
                      "a parallel group has at least one branch, found none: leave the group out");
  REQUIRE_THROWS_WITH(
      (Sequence{8} | WeightedSum{0.5f, 0.5f}),
      "a weighted group has one weight for each element, found 2 weights and 8 elements");
  REQUIRE_THROWS_WITH(
      (Sequence{8} | WeightedMean{std::vector<float>{}}),
      "a weighted group has one weight for each element, found 0 weights and 8 elements");
}
