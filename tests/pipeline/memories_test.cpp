#include <painters/pipeline/memories.hpp>

#include <cstdint>
#include <string>
#include <vector>

#include "pipeline/toys.hpp"
#include "support/catch.hpp"

#include <rapidcheck.h>
#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/pipeline.hpp>
#include <painters/pipeline/stack.hpp>
#include <painters/plan/combinators.hpp>
#include <painters/plan/parse.hpp>

using toys::Vector;

namespace {

/// A causal layer over a text: each token adds the mean of all tokens up to it, as attention does.
/// Called with all tokens at once it needs no memory; called token by token it remembers the sum of
/// those before.
struct Averaging {
  double a = 0.5;
  struct Memory {
    double sum = 0;
    int tokens = 0;
  };
  void operator()(Vector& x) const {
    Memory memory;
    (*this)(x, memory);
  }
  void operator()(Vector& x, Memory& memory) const {
    for (double& token : x) {
      memory.sum += token;
      token += a * memory.sum / ++memory.tokens;
    }
  }
};
Averaging make_layer(std::size_t i) { return {0.3 + 0.2 * static_cast<double>(i)}; }

}  // namespace

TEST_CASE("token by token with memories is the whole text at once, under random plans",
          "[memories]") {
  const auto net = painters::stack<4>(make_layer);
  REQUIRE(rc::check([&](const std::vector<std::uint8_t>& bytes) {
    const painters::Plan plan = toys::plan_from(bytes, 4);
    const Vector text{0.5, -1, 2, 0.25};
    Vector at_once = text;
    painters::run(plan, net, at_once);

    painters::Memories memories(plan);
    Vector one_by_one;
    for (const double token : text) {
      Vector x{token};
      painters::run(plan, net, x, memories);
      one_by_one.push_back(x[0]);
    }
    RC_ASSERT(toys::distance(at_once, one_by_one) <=
              1e-12 * (1 + toys::distance(at_once, Vector(4))));
  }));
}

TEST_CASE("every executed call has a memory of its own", "[memories]") {
  constexpr auto plan = painters::sequence(painters::call(2) | painters::Loop<7>{},
                                           painters::mean(painters::call(0), painters::call(2)));
  const auto net = painters::stack<4>(make_layer);
  painters::Memories memories(plan);
  REQUIRE(memories.size() == 9);
  Vector x{1};
  painters::run<plan>(net, x, memories);
  painters::run<plan>(net, x, memories);
  for (std::size_t call = 0; call < 9; ++call)
    CHECK(memories[call].get<Averaging::Memory>().tokens == 2);
}

TEST_CASE("layers with and without memory live in one pipeline", "[memories]") {
  const auto net = painters::pipeline(toys::Scaling{0.5}, Averaging{1});
  constexpr auto plan = painters::Sequence<2>{};
  painters::Memories memories(plan);
  Vector x{4}, y{8};
  painters::run<plan>(net, x, memories);
  painters::run<plan>(net, y, memories);
  CHECK(x[0] == 2 + 2);
  CHECK(y[0] == 4 + (2 + 4) / 2.0);
  CHECK(memories[0].empty());
}

TEST_CASE("memories of another plan are refused, also if it makes as many calls", "[memories]") {
  using painters::parse_plan;
  const auto net = painters::stack<4>(make_layer);
  const auto answer = [&](const char* made_for, const char* runs) -> std::string {
    painters::Memories memories(parse_plan(made_for));
    Vector x{1};
    try {
      painters::run(parse_plan(runs), net, x, memories);
    } catch (const painters::UsageError& error) {
      CHECK(x == Vector{1});
      return error.what();
    }
    return "";
  };
  CHECK(answer("0..2", "0..3") ==
        "the plan 0..3 was expected to be the one that its memories were made for, found that they "
        "were made for 0..2: make them with Memories(plan) from the plan that runs");
  for (const char* other : {"0, 2, 1", "0, 1, 3", "mean(0..2)", "0, mean(1, 2)", "sum(0, 1, 2)",
                            "0, 1, 2, none x2, 2", "0..1"}) {
    CAPTURE(other);
    CHECK(answer("0..2", other) != "");
    CHECK(answer(other, "0..2") != "");
    CHECK(answer(other, other) == "");
  }
  CHECK(answer("mean(0, 1)", "mean(0, 1 * 2)") != "");
  CHECK(answer("mean(0, 1)", "sum(0, 1)") != "");
  CHECK(answer("mean(0, 1)", "sum(0 * 0.5, 1 * 0.5)") != "");
}

TEST_CASE("memories do not mind how the same run is written", "[memories]") {
  const auto net = painters::stack<4>(make_layer);
  painters::Memories memories(painters::parse_plan("0, 1 x2, (mean(2, 3) x2) x2"));
  Vector x{1};
  CHECK_NOTHROW(painters::run(
      painters::parse_plan("(0, 1), 1, mean(2, 3), mean(2 * 2, 3 * 2) x2, mean(2, 3)"), net, x,
      memories));
}

TEST_CASE("a message about memories shows the beginning of long plans", "[memories]") {
  painters::Plan plan;
  for (int i = 0; i < 500; ++i) plan.append(painters::call(i % 2 ? 3 : 0));
  CHECK_THROWS_WITH(painters::Memories(plan).require(painters::call(1)),
                    "the plan 1 was expected to be the one that its memories were made for, found "
                    "that they were made for 0, 3, 0, 3, 0, 3, 0, 3, 0, 3, 0, 3, 0, 3, 0, 3, 0, 3, "
                    "0, ...: make them with Memories(plan) from the plan that runs");
}

TEST_CASE("streams have memories of their own for every call", "[memories]") {
  constexpr auto plan =
      painters::sequence(painters::call(2) | painters::Loop<2>{}, painters::call(0));
  const auto net = painters::stack<4>(make_layer);
  painters::Memories memories(plan, 2), alone(plan);
  CHECK(memories.size() == 3);
  CHECK(memories.streams() == 2);
  CHECK(alone.streams() == 1);

  // Two texts, token by token in turns, each through memories of its own.
  const auto step = [&](std::size_t stream, double token) {
    Vector x{token};
    const auto apply = [&](const painters::CallSite& site, Vector& y) {
      painters::apply_call(net, site, y, memories(site.number, stream));
    };
    painters::NoHooks none;
    painters::execute(plan, x, apply, none);
    return x[0];
  };
  const auto step_alone = [&](double token) {
    Vector x{token};
    painters::run<plan>(net, x, alone);
    return x[0];
  };
  const double first = step(1, 3), second = (step(0, -1), step(1, 5));
  CHECK(step_alone(3) == first);
  CHECK(step_alone(5) == second);

  painters::Slot& kept = memories(2, 1);
  memories.resize_streams(100);
  CHECK(&memories(2, 1) == &kept);
  CHECK(memories(2, 99).empty());
  memories.release(1);
  CHECK(memories(2, 1).empty());
  CHECK_FALSE(memories(2, 0).empty());
  CHECK(step(1, 3) == first);
  memories.resize_streams(1);
  CHECK(memories.streams() == 1);
  CHECK_FALSE(memories[2].empty());
}

TEST_CASE("a policy for memories acts where groups and branches begin and end",
          "[memories][hooks]") {
  // All branches of a group continue from one shared memory, as the caches of the paper's authors
  // do.
  struct Shared {
    painters::Memories& memories;
    std::vector<Averaging::Memory> after{};
    void end_branch(const painters::BranchSite& site, Vector&) {
      for (std::size_t call = site.first_call; call < site.end_call; ++call)
        after.push_back(memories[call].get<Averaging::Memory>());
    }
    void end_group(const painters::GroupSite& site, Vector&) {
      Averaging::Memory mean;
      for (const auto& memory : after) {
        mean.sum += memory.sum / static_cast<double>(after.size());
        mean.tokens = memory.tokens;
      }
      for (std::size_t call = site.first_call; call < site.end_call; ++call)
        memories[call].get<Averaging::Memory>() = mean;
      after.clear();
    }
  };
  constexpr auto plan = painters::sequence(
      painters::call(0), painters::mean(painters::Sequence<0, 1>{}, painters::call(2)));
  const auto net = painters::pipeline(Averaging{1}, Averaging{1}, Averaging{1});
  painters::Memories memories(plan);
  Shared policy{memories};
  Vector x{1};
  painters::run<plan>(net, x, memories, policy);
  CHECK(memories[0].get<Averaging::Memory>().sum == 1);
  for (const std::size_t call : {1u, 2u, 3u})  // 2, then 4, and 2
    CHECK(memories[call].get<Averaging::Memory>().sum == Approx((2 + 4 + 2) / 3.0));
}
