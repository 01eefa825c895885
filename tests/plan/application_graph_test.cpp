#include <painters/plan/application_graph.hpp>

#include <cstddef>
#include <iterator>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "plan/random_plan.hpp"
#include "support/catch.hpp"
#include "support/paper_plans.hpp"

#include <rapidcheck.h>
#include <painters/plan/literal.hpp>
#include <painters/plan/parse.hpp>
#include <painters/plan/queries.hpp>

using namespace painters;

namespace {

constexpr std::size_t distinct(PlanView a, PlanView b) {
  ApplicationGraph graph;
  graph.add(a);
  graph.add(b);
  return graph.applications();
}

/// Whether two texts end with the same state.
bool same(const char* a, const char* b) {
  ApplicationGraph graph;
  return graph.add(parse_plan(a, 8)) == graph.add(parse_plan(b, 8));
}

// Common beginnings count once, also inside loops and groups, and at compile time.
static_assert(distinct("0..7"_plan, "0..3, 5..7"_plan) == 8 + 3);
static_assert(distinct("1 x7"_plan, "1 x3, 2"_plan) == 7 + 1);
static_assert(distinct("0, mean(1..3), 4"_plan, "0, 1, 2"_plan) == 1 + 3 + 1 + 1);

/// Whole layers cost 100, their parts 1 (attention) and 2; layers differ by 1000.
constexpr double cost(std::uint32_t layer, Part part) {
  return 1000 * layer + (part == whole ? 100 : part);
}

/// What two plans cost together.
constexpr double cost_together(PlanView a, PlanView b) {
  ApplicationGraph graph;
  graph.add(a);
  graph.add(b);
  return graph.sum_over_applications(cost);
}
static_assert(cost_together("0.attention, 0.ffn"_plan, "0.attention, 0"_plan) == 1 + 2 + 100);
static_assert(cost_together("0, mean(1, 2.ffn)"_plan, "0, (1, 2.ffn) x2"_plan) ==
              100 + 1100 + 2002 + 2002 + 1100 + 2002);

// The states of a plan are reported at compile time, too.
constexpr std::size_t states_told(PlanView plan) {
  std::size_t count = 0;
  ApplicationGraph().add(plan, [&](ApplicationGraph::StateId) { ++count; });
  return count;
}
static_assert(states_told("0, mean(1, 2), (3, sum(4)) x2"_plan) == 7);

}  // namespace

TEST_CASE("the paper's plans have the known numbers of distinct applications", "[plan][graph]") {
  struct Known {
    std::size_t layers;
    bool with_grid;
    std::size_t plans, calls, distinct;
  };
  for (const Known& known :
       {Known{24, true, 564, 68088, 8599}, Known{30, true, 705, 106395, 13651},
        Known{32, true, 752, 121056, 15593}, Known{32, false, 304, 9952, 6073},
        Known{40, true, 940, 189160, 24648}, Known{80, true, 1880, 756720, 100891}}) {
    const auto plans = support::paper_plans(known.layers, known.with_grid);
    ApplicationGraph graph;
    std::size_t all = 0;
    for (const Plan& plan : plans) {
      graph.add(plan);
      all += calls(plan);
    }
    CAPTURE(known.layers, known.with_grid);
    CHECK(plans.size() == known.plans);
    CHECK(all == known.calls);
    CHECK(graph.applications() == known.distinct);
  }
}

TEST_CASE("the states that a plan goes through are reported in order", "[plan][graph]") {
  ApplicationGraph graph;
  std::vector<ApplicationGraph::StateId> states;
  const auto tell = [&](ApplicationGraph::StateId id) { states.push_back(id); };
  const Plan looped = "0, mean(1, 2), (3, sum(4)) x2"_plan;
  const auto end = graph.add(looped, tell);
  REQUIRE(states.size() == 7);
  CHECK(states.front() == ApplicationGraph::beginning);
  CHECK(states.back() == end);
  const char* ways[] = {"none", "0", "0, mean(1, 2)", "0, mean(1, 2), 3", "0, mean(1, 2), 3, 4"};
  for (std::size_t step = 0; step < std::size(ways); ++step) {
    CAPTURE(step);
    CHECK(graph.add(parse_plan(ways[step])) == states[step]);
  }

  CHECK(rc::check("of any plan: a state after each step", [] {
    const Plan plan = *testing::random_plan();
    ApplicationGraph told, plain;
    std::vector<ApplicationGraph::StateId> way;
    const auto last = told.add(plan, [&](ApplicationGraph::StateId id) { way.push_back(id); });
    RC_ASSERT(way.size() == steps(plan) + 1);
    RC_ASSERT(way.back() == last);
    RC_ASSERT(plain.add(plan) == last);
    RC_ASSERT(plain.size() == told.size());
    Plan beginning;
    std::size_t step = 0;
    for_each_step(plan, [&](PlanView one) {
      beginning.append(one);
      RC_ASSERT(told.add(beginning) == way[++step]);
    });
  }));
}

TEST_CASE("a plan that calls nothing reports its beginning, and each step reports its end",
          "[plan][graph]") {
  std::size_t told = 0;
  ApplicationGraph graph;
  graph.add(Plan(), [&](ApplicationGraph::StateId id) { told += id == 0 ? 1 : 100; });
  CHECK(told == 1);
  graph.add("sum(none), sum(1 * 0)"_plan,
            [&](ApplicationGraph::StateId id) { told += id == 0 ? 1 : 100; });
  CHECK(told == 4);
}

TEST_CASE("spellings of one computation end with one state", "[plan][graph]") {
  CHECK(same("mean(1, 2)", "mean(2, 1)"));
  CHECK(same("mean(1, 2)", "sum(1 * 0.5, 2 * 0.5)"));
  CHECK(same("mean(3)", "3"));
  CHECK(same("sum(3)", "3"));
  CHECK(same("mean(1, 1, 2)", "mean(1 * 2, 2)"));
  CHECK(same("(1, 2) x2", "1, 2, 1, 2"));
  CHECK(same("none", "none"));
  CHECK(same("sum(1 * 0)", "none"));
  CHECK(same("mean(1 * 0, 2)", "2"));
  CHECK_FALSE(same("1, 2", "2, 1"));
  CHECK_FALSE(same("mean(1, 2)", "sum(1, 2)"));
  CHECK_FALSE(same("mean(1, 2)", "mean(1 * 0.4, 2)"));
  CHECK_FALSE(same("1", "1.attention"));
  CHECK_FALSE(same("1.ffn", "1.attention"));
}

TEST_CASE("states are made of earlier ones, each application once", "[plan][graph]") {
  CHECK(rc::check("of any plans", [] {
    const auto plans = *rc::gen::container<std::vector<Plan>>(testing::random_plan());
    ApplicationGraph graph;
    std::size_t all = 0;
    for (const Plan& plan : plans) {
      const std::size_t before = graph.applications();
      const auto end = graph.add(plan);
      RC_ASSERT(graph.applications() - before <= calls(plan));
      RC_ASSERT(graph.add(plan) == end);
      all += calls(plan);
    }
    RC_ASSERT(graph.applications() <= all);
    std::set<std::tuple<std::uint32_t, Part, ApplicationGraph::StateId>> known;
    for (ApplicationGraph::StateId id = 1; id < graph.size(); ++id) {
      if (graph[id].is_call) {
        RC_ASSERT(graph[id].input < id);
        RC_ASSERT(known.emplace(graph[id].layer, graph[id].part, graph[id].input).second);
      } else {
        RC_ASSERT(!graph.terms(id).empty());
        for (std::size_t i = 1; i < graph.terms(id).size(); ++i)
          RC_ASSERT(graph.terms(id)[i - 1].state < graph.terms(id)[i].state);
        RC_ASSERT(graph.terms(id).back().state < id);
      }
    }
    RC_ASSERT(known.size() == graph.applications());
  }));
}
