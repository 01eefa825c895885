#include <painters/pipeline/executor.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/toys.hpp"
#include "support/catch.hpp"

#include <rapidcheck.h>
#include <painters/pipeline/copies.hpp>
#include <painters/pipeline/pipeline.hpp>
#include <painters/pipeline/stack.hpp>
#include <painters/plan/application_graph.hpp>
#include <painters/plan/combinators.hpp>
#include <painters/plan/parse.hpp>
#include <painters/plan/queries.hpp>

using toys::Mixing;
using toys::Scaling;
using toys::Vector;

namespace {

constexpr std::uint32_t layers = 5;
Mixing make_layer(std::size_t i) {
  return {0.3 + 0.1 * static_cast<double>(i), 0.2 - 0.1 * static_cast<double>(i)};
}

/// x += 1, exactly.
struct Increment {
  void operator()(double& x) const { x += 1; }
};

/// x becomes infinite.
struct ToInfinity {
  void operator()(double& x) const { x = std::numeric_limits<double>::infinity(); }
};

/// Counts how often it is copied; moving is free.
struct Counted {
  static inline int copies = 0;
  double value = 0;

  explicit Counted(double v) : value(v) {}
  Counted(const Counted& other) : value(other.value) { ++copies; }
  Counted& operator=(const Counted& other) {
    value = other.value;
    ++copies;
    return *this;
  }
  Counted(Counted&&) = default;
  Counted& operator=(Counted&&) = default;
  friend void scale(Counted& x, double a) { x.value *= a; }
  friend void add_scaled(Counted& x, double a, const Counted& y) { x.value += a * y.value; }
};
struct Shift {
  double b = 0;
  void operator()(Counted& x) const { x.value += b; }
};

}  // namespace

TEST_CASE("a run does what the plan means, for random plans", "[executor]") {
  const auto net = painters::stack<layers>(make_layer);
  const auto call = [&](std::uint32_t layer, painters::Part part, Vector x) {
    if (part == painters::whole)
      net[layer](x);
    else
      net[layer].apply(part, x);
    return x;
  };
  REQUIRE(rc::check([&](const std::vector<std::uint8_t>& bytes) {
    const painters::Plan plan = toys::plan_from(bytes, layers, 2);
    Vector x{0.3, -1.2, 0.7};
    const Vector expected = toys::meaning(plan, x, call);
    painters::run(plan, net, x);
    RC_ASSERT(toys::distance(x, expected) <= 1e-12 * (1 + toys::distance(expected, Vector(3))));
  }));
}

TEST_CASE("a pipeline of mixed layers runs as its layers called by hand", "[executor]") {
  const auto net = painters::pipeline(Mixing{0.4, 0.1}, Scaling{0.5}, Mixing{0.2, -0.3});
  constexpr auto plan = painters::sequence(painters::call(2), painters::Sequence<2>{});
  Vector x{1, -2, 0.5}, y = x;
  painters::run<plan>(net, x);
  Mixing{0.2, -0.3}(y);
  Mixing{0.4, 0.1}(y);
  Scaling{0.5}(y);
  CHECK(x == y);
}

TEST_CASE("a plan gives the same bits whether it is known at compile time or at run time",
          "[executor]") {
  constexpr auto plan = painters::Sequence<5>{} |
                        painters::window<1, 3>(painters::ParallelMean{} | painters::Loop<3>{});
  const auto net = painters::stack<layers>(make_layer);
  Vector x{1, -2, 0.5}, y = x;
  painters::run<plan>(net, x);
  painters::run(painters::Plan(plan), net, y);
  CHECK(x == y);
}

TEST_CASE("the plan that calls nothing leaves the state alone", "[executor]") {
  const auto net = painters::stack<layers>(make_layer);
  Vector x{1, -2, 0.5};
  painters::run(painters::Plan(), net, x);
  painters::run<painters::StaticPlan<1>{}>(net, x);
  CHECK(x == Vector{1, -2, 0.5});
}

TEST_CASE("a mean or sum of one branch is exactly that branch", "[executor]") {
  const auto net = painters::stack<layers>(make_layer);
  Vector mean{1, -2, 0.5}, sum = mean, weighted = mean, branch = mean;
  painters::run<painters::mean(painters::call(1))>(net, mean);
  painters::run<painters::sum(painters::call(1))>(net, sum);
  painters::run<painters::mean(painters::call(1) * 0.7f)>(net, weighted);
  painters::run<painters::call(1)>(net, branch);
  CHECK(mean == branch);
  CHECK(sum == branch);
  CHECK(weighted == branch);
}

TEST_CASE("a sum adds updates and its weights damp them", "[executor]") {
  const auto net = painters::stack<3>([](std::size_t) { return Increment{}; });
  double x = 10, y = 10, z = 10;
  painters::run<painters::sum(painters::call(0), painters::call(1), painters::call(2))>(net, x);
  painters::run<painters::sum(painters::call(0) * 0.5f)>(net, y);
  painters::run<painters::mean(painters::call(0) * 3.0f, painters::StaticPlan<0>{} * 1.0f)>(net, z);
  CHECK(x == 13);
  CHECK(y == 10.5);
  CHECK(z == 10.75);
}

TEST_CASE(
    "a branch of weight 0 is run but adds nothing, whatever its state: as in the graph of states",
    "[executor]") {
  const auto net = painters::pipeline(Increment{}, ToInfinity{});
  struct Count {
    std::size_t calls = 0, branches = 0;
    void after_call(const painters::CallSite& site, double&) { CHECK(site.number == calls++); }
    void end_branch(const painters::BranchSite&, double&) { ++branches; }
  };
  for (const auto& [text, result] : std::initializer_list<std::pair<const char*, double>>{
           {"sum(1 * 0)", 10},
           {"sum(1 * 0, 1 * 0)", 10},
           {"sum(1 * 0, 0)", 11},
           {"sum(0, 1 * 0, 0)", 12},
           {"sum((1, 0) * 0, 0 * 0.5)", 10.5},
           {"mean(1 * 0, 0)", 11},
           {"mean(0, 1 * 0)", 11},
           {"mean(0, (1, 1) * 0, none)", 10.5},
           {"mean(mean(1 * 0, 0), sum(1 * 0), (mean(1), 1) * 0) x2", 11},
           {"mean(1 * 0, 0 * 2, 1 * 0)", 11}}) {
    CAPTURE(text);
    const painters::Plan plan = painters::parse_plan(text, 2);
    Count count;
    double x = 10;
    painters::run(plan, net, x, count);
    CHECK(x == result);
    CHECK(count.calls == painters::calls(plan));

    painters::ApplicationGraph graph;
    const auto end = graph.add(plan);
    std::vector<double> states{10};
    for (painters::ApplicationGraph::StateId id = 1; id < graph.size(); ++id) {
      double state = 0;
      if (graph[id].is_call) {
        state = states[graph[id].input];
        painters::apply_call(net, {.layer = graph[id].layer, .part = graph[id].part}, state);
      }
      for (const auto& term : graph.terms(id)) state += term.coefficient * states[term.state];
      states.push_back(state);
    }
    CHECK(states[end] == result);
  }
}

TEST_CASE("a run copies the state only for branches", "[executor]") {
  const auto net = painters::stack<4>([](std::size_t i) { return Shift{static_cast<double>(i)}; });
  const auto copies = [&](painters::PlanView plan) {
    Counted x(1);
    Counted::copies = 0;
    painters::run(plan, net, x);
    return Counted::copies;
  };
  constexpr auto all = painters::Sequence<4>{};
  CHECK(copies(all) == 0);
  CHECK(copies(all | painters::Loop<5>{}) == 0);
  CHECK(copies(painters::mean(painters::call(1))) == 0);
  CHECK(copies(painters::sum(painters::call(1))) == 0);
  constexpr int check = PAINTERS_CHECK_COPIES;  // writes to a copy of its own
  CHECK(copies(painters::mean(painters::call(1), painters::call(2))) == 1 + check);
  CHECK(copies(all | painters::ParallelMean{}) == 3 + check);
  CHECK(copies(all | painters::ParallelMean{} | painters::Loop<3>{}) == 9 + check);
  CHECK(copies(painters::sum(painters::call(1) * 0.5f)) == 1 + check);
  CHECK(copies(painters::sum(painters::call(1), painters::call(2))) == 2 + check);
}

TEST_CASE("a mistake in the plan is reported before anything has run", "[executor]") {
  const auto net = painters::stack(std::vector<Mixing>(3));
  Vector x{1, 2};
  CHECK_THROWS_AS(painters::run(painters::sequence(painters::call(0), painters::call(3)), net, x),
                  painters::UsageError);
  CHECK(x == Vector{1, 2});
}

TEST_CASE("branches that end with different shapes are named with their last layers",
          "[executor]") {
  struct Resize {
    std::size_t size;
    void operator()(Vector& x) const { x.resize(size); }
  };
  const auto net = painters::pipeline(Resize{2}, Resize{3}, Resize{4});
  const auto answer = [&](const char* plan) -> std::string {
    Vector x{1, 2, 3};
    try {
      painters::run(painters::parse_plan(plan), net, x);
    } catch (const painters::UsageError& error) {
      return error.what();
    }
    return "";
  };
  const std::string branches =
      "the branches of a parallel group were expected to end with states of the same shape, found ";
  const std::string advice = ": end every branch with a layer that gives the same shape";
  CHECK(answer("mean(1, 0)") == branches +
                                    "3 at the end of branch 0 (after layer 1) and 2 at the end of "
                                    "branch 1 (after layer 0)" +
                                    advice);
  CHECK(answer("mean(none, (1, 2))") == branches +
                                            "3 at the end of branch 0 (which calls nothing) and 4 "
                                            "at the end of branch 1 (after layer 2)" +
                                            advice);
  CHECK(answer("mean(0 * 0, mean(0, 0), 1, 0)") ==
        branches +
            "2 at the end of branch 1 (after layer 0) and 3 at the end of branch 2 (after layer "
            "1)" +
            advice);
  CHECK(answer("sum(1 * 0.5, 2 * 0.25)") ==
        branches + "3 at the beginning of the group and 4 at the end of branch 1 (after layer 2)" +
            advice);
  CHECK(answer("mean(1, mean(1, 1, 2))") == branches +
                                                "3 at the end of branch 0 (after layer 1) and 4 at "
                                                "the end of branch 2 (after layer 2)" +
                                                advice);
  CHECK(answer("mean(2), 0, mean(1, 1)") == "");
}
