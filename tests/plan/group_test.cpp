#include <painters/plan/combinators.hpp>

#include "support/catch.hpp"

using namespace painters;

namespace {

constexpr auto weighted = mean(call(13) * 0.7f, call(14) * 0.3f);
constexpr PlanView view = weighted;
static_assert(view.size() == 5 && view[0].kind == NodeKind::mean && view[0].value == 2 &&
              view[0].size == 5);
static_assert(view[1].kind == NodeKind::branch && view[1].weight == 0.7f && view[3].weight == 0.3f);
static_assert(sum(call(1)) == (call(1) | ParallelSum{}));
static_assert(mean(call(1), call(2)) == (Sequence<1, 2>{} | ParallelMean{}));
static_assert(weighted == (Sequence<13, 14>{} | WeightedMean<0.7, 0.3>{}));
static_assert(sum(call(13) * 0.5f) == (call(13) | Damped<0.5>{}));
static_assert(mean(Sequence<13, 15>{}, Sequence<16, 19>{}).size() == 1 + 2 + 7);
static_assert(decltype(mean(Sequence<13, 15>{}, call(16) * 2.0f))::capacity == 1 + 2 + 4);
static_assert(mean(Sequence<0>{}).size() == 2, "a branch may be empty");

}  // namespace

TEST_CASE("groups of run-time plans equal those of compile-time plans", "[plan][group]") {
  REQUIRE(mean(Sequence{13, 15}, Sequence{16, 19} * 0.5f) ==
          mean(Sequence<13, 15>{}, Sequence<16, 19>{} * 0.5f));
  REQUIRE(sum(Plan(call(3)), call(4)) == sum(call(3), call(4)));
}

TEST_CASE("a group without branches is refused", "[plan][group]") {
  REQUIRE_THROWS_WITH(mean(),
                      "a parallel group has at least one branch, found none: leave the group out");
}
