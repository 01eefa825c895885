#include <painters/engine/sweep.hpp>
#include <painters/engine/sweep_memory.hpp>
#include <painters/error.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <type_traits>
#include <vector>

#include "pipeline/toys.hpp"
#include "plan/random_plan.hpp"
#include "support/catch.hpp"
#include "support/paper_plans.hpp"

#include <rapidcheck.h>
#include <painters/pipeline/apply_call.hpp>
#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/stack.hpp>
#include <painters/plan/parse.hpp>

using namespace painters;
using toys::Mixing;
using toys::Vector;

namespace {

/// A layer in which every part number acts as a layer of its own.
struct Layer {
  double a, b;

  static constexpr Part parts() { return 255; }
  static constexpr bool parts_in_sequence() { return false; }
  void apply(Part part, Vector& x) const { Mixing{a, b + 0.01 * part}(x); }
  void operator()(Vector& x) const { apply(0, x); }
};

Stack<Layer> make_net(std::size_t size) {
  std::vector<Layer> layers;
  for (std::size_t i = 0; i < size; ++i) {
    const auto at = static_cast<double>(i);
    layers.push_back({0.2 + 0.01 * at, 0.1 - 0.02 * at});
  }
  return stack(std::move(layers));
}

/// Makes calls and keeps the states that are reported.
struct Keep {
  const Stack<Layer>& net;
  const ApplicationGraph& graph;
  std::map<ApplicationGraph::StateId, Vector> found;
  std::size_t applications = 0;

  void apply(ApplicationGraph::StateId id, Vector& x) {
    apply_call(net, engine::site_of(graph, id), x);
    ++applications;
  }
  void on_state(ApplicationGraph::StateId id, const Vector& x) {
    if (!found.emplace(id, x).second) FAIL("a state was reported twice");
  }
  void on_last(ApplicationGraph::StateId id, Vector x) {
    apply(id, x);
    on_state(id, x);
  }
};

struct Swept {
  std::vector<Vector> ends;  // of each plan
  std::size_t applications = 0;
};

Swept sweep_all(const std::vector<Plan>& plans, const Stack<Layer>& net, const Vector& x,
                engine::LastCalls last_calls) {
  ApplicationGraph graph;
  std::vector<ApplicationGraph::StateId> ends;
  for (const Plan& plan : plans) ends.push_back(graph.add(plan));
  Keep keep{net, graph, {}, 0};
  engine::sweep(engine::SweepOrder(graph, ends, last_calls), x, keep);
  Swept swept{{}, keep.applications};
  for (const auto end : ends) swept.ends.push_back(keep.found.at(end));
  return swept;
}

constexpr auto both_ways = {engine::LastCalls::like_others, engine::LastCalls::apart};

/// The largest difference, relative to the size of what is compared.
double difference(const Vector& a, const Vector& b) {
  double most = 0, size = 1e-300;
  for (std::size_t i = 0; i < a.size(); ++i) {
    most = std::max(most, std::abs(a[i] - b[i]));
    size = std::max(size, std::abs(a[i]));
  }
  return most / size;
}

}  // namespace

TEST_CASE("a sweep gives what its plans give one by one", "[engine][sweep]") {
  const auto net = make_net(testing::random_layers);
  CHECK(rc::check("for any plans", [&] {
    const auto plans = *rc::gen::container<std::vector<Plan>>(testing::random_plan());
    RC_PRE(!plans.empty());
    const Vector x{0.3, -0.2, 0.1, 0.7};
    const auto last_calls = *rc::gen::elementOf(std::vector<engine::LastCalls>(both_ways));
    const Swept swept = sweep_all(plans, net, x, last_calls);
    std::size_t all = 0;
    for (std::size_t p = 0; p < plans.size(); ++p) {
      Vector alone = x;
      run(plans[p], net, alone);
      RC_ASSERT(difference(alone, swept.ends[p]) < 1e-9);
      all += calls(plans[p]);
    }
    RC_ASSERT(swept.applications <= all);
  }));
}

TEST_CASE("the paper's plans in one sweep", "[engine][sweep]") {
  const auto net = make_net(30);
  const auto plans = support::paper_plans(30, true);
  const Vector x{0.3, -0.2, 0.1};
  for (const auto last_calls : both_ways) {
    const Swept swept = sweep_all(plans, net, x, last_calls);
    CHECK(swept.applications == 13651);
    double worst = 0;
    for (std::size_t p = 0; p < plans.size(); ++p) {
      Vector alone = x;
      run(plans[p], net, alone);
      worst = std::max(worst, difference(alone, swept.ends[p]));
    }
    CHECK(worst < 1e-9);
  }
}

TEST_CASE("few states wait at a time", "[engine][sweep]") {
  for (const std::size_t layers : {24, 32, 80}) {
    ApplicationGraph graph;
    std::vector<ApplicationGraph::StateId> ends;
    for (const Plan& plan : support::paper_plans(layers, true)) ends.push_back(graph.add(plan));
    CHECK(engine::most_states(engine::SweepOrder(graph, ends, engine::LastCalls::apart)) <= 5);
  }
  // One plan needs no copy, a group of two its start and its sum.
  const auto needed = [](const Plan& plan) {
    ApplicationGraph graph;
    const std::vector<ApplicationGraph::StateId> ends{graph.add(plan)};
    return engine::most_states(engine::SweepOrder(graph, ends));
  };
  CHECK(needed(Sequence{32}) == 1);
  CHECK(needed(Sequence{32} | window(13, 19, ParallelMean{})) == 3);
}

TEST_CASE("states that no wanted plan needs are not made", "[engine][sweep]") {
  ApplicationGraph graph;
  graph.add(Plan(Sequence{0, 9}));
  const std::vector<ApplicationGraph::StateId> ends{graph.add(Plan(Sequence{0, 4}))};
  CHECK(engine::SweepOrder(graph, ends).applications() == 5);
}

TEST_CASE("an order of states that a graph lacks is refused", "[engine][sweep]") {
  ApplicationGraph graph;
  graph.add(parse_plan("0..2"));
  const std::vector<ApplicationGraph::StateId> wanted{
      static_cast<ApplicationGraph::StateId>(graph.size())};
  CHECK_THROWS_AS(engine::SweepOrder(graph, wanted), UsageError);
  static_assert(!std::is_constructible_v<engine::SweepOrder, ApplicationGraph,
                                         std::span<const ApplicationGraph::StateId>>);
}
