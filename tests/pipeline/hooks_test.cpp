#include <painters/pipeline/hooks.hpp>

#include <string>
#include <vector>

#include "support/catch.hpp"

#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/stack.hpp>
#include <painters/plan/combinators.hpp>

namespace {

/// Appends its number to the digits of the state.
struct Append {
  int digit = 0;
  void operator()(double& x) const { x = 10 * x + digit; }
};
const auto net = painters::stack<6>([](std::size_t i) { return Append{static_cast<int>(i)}; });

/// Everything that can be seen of a run.
struct Trace {
  std::vector<std::string> lines{};
  void add(const std::string& what, double x) {
    lines.push_back(what + " " + std::to_string(static_cast<int>(x)));
  }
  static std::string name(const painters::CallSite& site) {
    return std::to_string(site.number) + ": layer " + std::to_string(site.layer) + " depth " +
           std::to_string(site.depth) + " branch " + std::to_string(site.branch);
  }
  void before_call(const painters::CallSite& site, double x) { add("before " + name(site), x); }
  void after_call(const painters::CallSite& site, double x) { add("after " + name(site), x); }
  void begin_group(const painters::GroupSite& site, double x) {
    add("group of " + std::to_string(site.branches) + " from call " +
            std::to_string(site.first_call),
        x);
  }
  void begin_branch(const painters::BranchSite& site, double x) {
    add("branch " + std::to_string(site.index), x);
  }
  void end_branch(const painters::BranchSite& site, double x) {
    add("end of branch, calls " + std::to_string(site.first_call) + " to " +
            std::to_string(site.end_call),
        x);
  }
  void end_group(const painters::GroupSite& site, double x) {
    add("end of group, calls " + std::to_string(site.first_call) + " to " +
            std::to_string(site.end_call),
        x);
  }
};

}  // namespace

TEST_CASE("hooks see every call, group and branch in order, with the state at that point",
          "[hooks]") {
  constexpr auto plan = painters::sequence(
      painters::call(1) | painters::Loop<2>{},
      painters::mean(painters::Sequence<2, 3>{}, painters::call(4)), painters::call(5));
  Trace trace;
  double x = 0;
  painters::run<plan>(net, x, trace);
  CHECK(trace.lines == std::vector<std::string>{
                           "before 0: layer 1 depth 0 branch 0 0",
                           "after 0: layer 1 depth 0 branch 0 1",
                           "before 1: layer 1 depth 0 branch 0 1",
                           "after 1: layer 1 depth 0 branch 0 11",
                           "group of 2 from call 2 11",
                           "branch 0 11",
                           "before 2: layer 2 depth 1 branch 0 11",
                           "after 2: layer 2 depth 1 branch 0 112",
                           "before 3: layer 3 depth 1 branch 0 112",
                           "after 3: layer 3 depth 1 branch 0 1123",
                           "end of branch, calls 2 to 4 1123",
                           "branch 1 11",
                           "before 4: layer 4 depth 1 branch 1 11",
                           "after 4: layer 4 depth 1 branch 1 114",
                           "end of branch, calls 4 to 5 114",
                           "end of group, calls 2 to 5 618",
                           "before 5: layer 5 depth 0 branch 0 618",
                           "after 5: layer 5 depth 0 branch 0 6190",
                       });
}

TEST_CASE("hooks replace the state before or after a call", "[hooks]") {
  struct Patch {
    void before_call(const painters::CallSite& site, double& x) const {
      if (site.number == 2) x = 7;
    }
    void after_call(const painters::CallSite& site, double& x) const {
      if (site.number == 3) x += 0.5;
    }
  };
  double x = 0;
  painters::run<painters::Sequence<4>{}>(net, x, Patch{});
  CHECK(x == 723.5);
}

TEST_CASE("steering one branch changes that branch alone", "[hooks]") {
  struct Steer {
    void end_branch(const painters::BranchSite& site, double& x) const {
      if (site.index == 0) x = 100;
    }
  };
  double x = 1;
  painters::run<painters::mean(painters::call(2), painters::call(4))>(net, x, Steer{});
  CHECK(x == (100 + 14) / 2.0);
}

TEST_CASE("hooks and memories go together", "[hooks]") {
  struct Count {
    int calls = 0;
    void after_call(const painters::CallSite&, double&) { ++calls; }
  };
  constexpr auto plan = painters::Sequence<6>{};
  painters::Memories memories(plan);
  Count first, second;
  double x = 0;
  painters::run<plan>(net, x, memories, first);
  painters::run(plan, net, x, memories, second);
  CHECK(first.calls == 6);
  CHECK(second.calls == 6);
}

TEST_CASE("a type without any of the hooks' functions is not taken for hooks", "[hooks]") {
  struct Misspelt {
    void after_cal(const painters::CallSite&, double&) {}
  };
  struct WrongState {
    void after_call(const painters::CallSite&, std::string&) {}
  };
  STATIC_REQUIRE(painters::Hooks<Trace, double>);
  STATIC_REQUIRE_FALSE(painters::Hooks<Misspelt, double>);
  STATIC_REQUIRE_FALSE(painters::Hooks<WrongState, double>);
  STATIC_REQUIRE_FALSE(painters::Hooks<painters::NoHooks, double>);
}
