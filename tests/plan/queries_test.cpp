#include <vector>

#include <painters/plan/literal.hpp>
#include <painters/plan/queries.hpp>

#include "plan/random_plan.hpp"
#include "support/catch.hpp"

using namespace painters;

namespace {

constexpr auto plan = "0, mean(1, (2, 3) x2), (4.ffn, sum(5 * 0.5)) x3"_plan;
static_assert(calls(plan) == 1 + 5 + 6);
static_assert(steps(plan) == 1 + 1 + 6);
static_assert(elements(plan) == 3);
static_assert(layers_needed(plan) == 6);
static_assert(distinct_layers("7, 3 x2, mean(3, 5)"_plan) == std::vector<std::uint32_t>{3, 5, 7});
static_assert(calls("none"_plan) == 0 && steps("none"_plan) == 0 &&
              layers_needed("none"_plan) == 0);

constexpr std::uint64_t digits_of_calls(PlanView view) {
  std::uint64_t digits = 0;
  for_each_call(view, [&](const Node& node) { digits = 10 * digits + node.value; });
  return digits;
}
static_assert(digits_of_calls("1, mean(2, (3, 4) x2), (5, 6) x2"_plan) == 12343'45656);

constexpr std::uint64_t cost(std::uint32_t layer, Part part) { return 10 * (layer + 1) + part; }
static_assert(sum_over_calls("1, mean(2, (3.ffn) x2), (0.attention, 1) x3"_plan, cost) ==
              20 + 30 + 2 * 42 + 3 * (11 + 20));
static_assert(sum_over_calls("none"_plan, cost) == 0);

}  // namespace

TEST_CASE("calls and steps count what is visited", "[plan][queries]") {
  REQUIRE(rc::check([] {
    const Plan random = *testing::random_plan();
    std::uint64_t visited_calls = 0, visited_steps = 0;
    std::vector<Node> from_plan, from_steps;
    for_each_call(random, [&](const Node& node) { ++visited_calls, from_plan.push_back(node); });
    for_each_step(random, [&](PlanView step) {
      ++visited_steps;
      for_each_call(step, [&](const Node& node) { from_steps.push_back(node); });
    });
    RC_ASSERT(calls(random) == visited_calls);
    std::uint64_t visited_cost = 0;
    for (const Node& node : from_plan) visited_cost += cost(node.value, node.part);
    RC_ASSERT(sum_over_calls(random, cost) == visited_cost);
    RC_ASSERT(steps(random) == visited_steps);
    RC_ASSERT(from_plan == from_steps);
  }));
}
