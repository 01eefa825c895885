#include <painters/plan/hash.hpp>

#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <painters/plan/combinators.hpp>
#include <painters/plan/literal.hpp>

#include "plan/random_plan.hpp"
#include "support/catch.hpp"

using namespace painters;

namespace {

static_assert("0, 1"_plan < "0, 2"_plan && "0"_plan < "0, 0"_plan && "0..3"_plan <= Sequence<4>{});
static_assert("mean(0 * 0.5, 1)"_plan < "mean(0 * 0.7, 1)"_plan && "1"_plan > Plan("0, 5"_plan));
static_assert(("0, 1"_plan <=> Plan(Sequence{2})) == 0);

}  // namespace

TEST_CASE("equal plans have equal hashes, whatever holds them", "[plan][hash]") {
  constexpr auto plan = "0..12, mean(13..19) x3, 20..31"_plan;
  const std::size_t hash = std::hash<Plan>()(plan);
  CHECK(std::hash<PlanView>()(plan) == hash);
  CHECK(std::hash<StaticPlan<plan.capacity>>()(plan) == hash);
  CHECK(std::hash<StaticPlan<99>>()(StaticPlan<99>(plan)) == hash);
  CHECK(std::hash<Plan>()("sum(3 * 0, 4)"_plan) == std::hash<Plan>()("sum(3 * -0, 4)"_plan));
}

TEST_CASE("different plans have different hashes", "[plan][hash]") {
  std::unordered_map<Plan, int> plans;
  std::unordered_set<std::size_t> hashes;
  const auto add = [&](PlanView plan) {
    if (++plans[plan] == 1) hashes.insert(std::hash<PlanView>()(plan));
  };
  for (std::size_t i = 0; i < 32; ++i)
    for (std::size_t j = 0; j < 32; ++j) {
      add(sequence(call(i), call(j)));
      add(mean(call(i), call(j) * 0.5f));
      add(sequence(call(i) | Loop{j + 1}, call(j, 1)));
    }
  CHECK(hashes.size() == plans.size());
  CHECK(plans.size() == 3 * 32 * 32);
}

TEST_CASE("the order of plans is total and agrees with ==", "[plan][hash]") {
  REQUIRE(rc::check([] {
    const Plan a = *testing::random_plan(), b = *testing::random_plan(),
               c = *testing::random_plan();
    RC_ASSERT((a == b) == ((a <=> b) == 0));
    RC_ASSERT((a < b) == (b > a));
    RC_ASSERT(!(a < b && b < c) || a < c);
    RC_ASSERT(a == a && !(a < a));
  }));
  const std::set<Plan> sorted{"1"_plan, "0, 1"_plan, "0"_plan, "1"_plan};
  CHECK(std::vector<Plan>(sorted.begin(), sorted.end()) ==
        std::vector<Plan>{"0"_plan, "0, 1"_plan, "1"_plan});
}
