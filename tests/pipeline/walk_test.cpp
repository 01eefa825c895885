#include <painters/pipeline/walk.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "pipeline/toys.hpp"
#include "support/catch.hpp"

#include <rapidcheck.h>
#include <painters/pipeline/apply_call.hpp>
#include <painters/pipeline/cursor.hpp>
#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/group_states.hpp>
#include <painters/pipeline/stack.hpp>
#include <painters/plan/combinators.hpp>
#include <painters/plan/literal.hpp>
#include <painters/plan/validate.hpp>

using painters::BranchSite;
using painters::CallSite;
using painters::GroupSite;
using painters::NodeKind;
using painters::Plan;
using painters::PlanCursor;
using painters::PlanView;
using painters::WalkStep;
using toys::Vector;

namespace {

/// Everything that a walk reports.
struct Log {
  std::vector<std::string> lines{};

  void add(const char* what, const std::vector<double>& numbers) {
    lines.emplace_back(what);
    for (const double number : numbers) lines.back() += " " + std::to_string(number);
  }
  static std::vector<double> numbers(const GroupSite& site) {
    return {double(site.kind),    double(site.branches), site.keep,
            site.weights,         double(site.depth),    double(site.first_call),
            double(site.end_call)};
  }
  static std::vector<double> numbers(const BranchSite& site) {
    std::vector<double> all = numbers(site.group);
    for (const double number :
         {double(site.index), site.coefficient, double(site.first_call), double(site.end_call)})
      all.push_back(number);
    return all;
  }
  void call(const CallSite& site) {
    add("call", {double(site.layer), double(site.part), double(site.number), double(site.depth),
                 double(site.branch)});
  }
  void begin_group(const GroupSite& site) { add("begin group", numbers(site)); }
  void end_group(const GroupSite& site) { add("end group", numbers(site)); }
  void begin_branch(const BranchSite& site) { add("begin branch", numbers(site)); }
  void end_branch(const BranchSite& site) { add("end branch", numbers(site)); }
};

/// The walk as a recursion, which cannot wait but is too simple to be wrong.
class Recursion {
 public:
  explicit Recursion(Log& log) : log_(log) {}

  void sequence(PlanView plan, std::uint32_t depth, std::uint32_t branch) {
    for (std::size_t i = 0; i < plan.size(); i = plan.next(i)) {
      const painters::Node& node = plan[i];
      if (node.kind == NodeKind::call)
        log_.call({node.value, node.part, calls_++, depth, branch});
      else if (node.kind == NodeKind::repeat)
        for (std::uint32_t t = 0; t < node.value; ++t) sequence(plan.below(i), depth, branch);
      else
        group(node, plan.below(i), depth);
    }
  }

 private:
  void group(const painters::Node& node, PlanView branches, std::uint32_t depth) {
    GroupSite site{node.kind, node.value, 0, 0, depth, calls_, calls_};
    for (std::size_t i = 0; i < branches.size(); i = branches.next(i))
      site.weights += branches[i].weight;
    if (node.kind == NodeKind::sum) site.keep = 1 - site.weights;
    log_.begin_group(site);
    std::uint32_t index = 0;
    for (std::size_t i = 0; i < branches.size(); i = branches.next(i), ++index) {
      const double weight = branches[i].weight;
      site.end_call = calls_;
      BranchSite branch{site, index, node.kind == NodeKind::sum ? weight : weight / site.weights,
                        calls_, calls_};
      log_.begin_branch(branch);
      sequence(branches.below(i), depth + 1, index);
      branch.end_call = branch.group.end_call = calls_;
      log_.end_branch(branch);
    }
    site.end_call = calls_;
    log_.end_group(site);
  }

  Log& log_;
  std::size_t calls_ = 0;
};

std::vector<std::string> expected(PlanView plan) {
  Log log;
  Recursion(log).sequence(plan, 0, 0);
  return log.lines;
}

/// Everything that a cursor has yet to report.
std::vector<std::string> rest(PlanCursor cursor) {
  Log log;
  while (cursor.next()) visit_step(cursor, log);
  return log.lines;
}

/// A cursor also walks at compile time.
constexpr std::size_t steps_of_kind(PlanView plan, WalkStep kind) {
  std::size_t count = 0;
  for (PlanCursor cursor(plan); cursor.next();) count += cursor.step() == kind;
  return count;
}
using namespace painters::literals;
static_assert(steps_of_kind("0, mean(1, (2, sum(3)) x2) x3"_plan, WalkStep::call) == 1 + 3 * 5);
static_assert(steps_of_kind("0, mean(1, (2, sum(3)) x2) x3"_plan, WalkStep::end_branch) ==
              3 * (2 + 2));

/// A plan's run that stops before each call.
class Stream {
 public:
  Stream(PlanView plan, Vector start) : cursor_(plan), x_(std::move(start)) {}

  /// Goes to the next call; false at the end.
  bool next_call() {
    while (cursor_.next()) {
      if (cursor_.step() == WalkStep::call) return true;
      visit_step(cursor_, *this);
    }
    return false;
  }
  CallSite site() const { return cursor_.call(); }
  Vector& x() { return x_; }

  void call(const CallSite&) {}
  void begin_group(const GroupSite& site) { groups_.begin_group(site.branches, site.keep, x_); }
  void begin_branch(const BranchSite&) { groups_.begin_branch(1, x_); }
  void end_branch(const BranchSite& site) { groups_.end_branch(site.coefficient, x_); }
  void end_group(const GroupSite&) { groups_.end_group(x_); }

 private:
  PlanCursor cursor_;
  Vector x_;
  painters::GroupStates<Vector> groups_;
};

}  // namespace

TEST_CASE("a walk reports every call, group and branch, for random plans", "[walk]") {
  REQUIRE(rc::check([](const std::vector<std::uint8_t>& bytes) {
    const Plan plan = toys::plan_from(bytes, 5, 2);
    Log log;
    painters::walk(plan, log);
    RC_ASSERT(log.lines == expected(plan));
    RC_ASSERT(rest(PlanCursor(plan)) == log.lines);
  }));
}

TEST_CASE("a cursor and its copy continue from the same place", "[walk]") {
  REQUIRE(rc::check([](const std::vector<std::uint8_t>& bytes) {
    const Plan plan = toys::plan_from(bytes, 5, 2);
    std::vector<std::string> to_come = expected(plan);
    PlanCursor cursor(plan);
    while (true) {
      const PlanCursor copy = cursor;
      RC_ASSERT(rest(copy) == to_come);
      if (!cursor.next()) break;
      to_come.erase(to_come.begin());
    }
    RC_ASSERT(to_come.empty());
    RC_ASSERT(!cursor.next());
    RC_ASSERT(cursor.step() == WalkStep::none);
  }));
}

TEST_CASE("a cursor goes as deep as plans do", "[walk]") {
  Plan plan = painters::call(1);
  for (std::size_t depth = 0; depth + 2 <= painters::max_nesting; depth += 2)
    plan = painters::sequence(painters::call(0), painters::mean(plan), painters::call(2));
  validate(plan);
  CHECK(rest(PlanCursor(plan)) == expected(plan));
  Plan loops = painters::call(1);
  for (std::size_t depth = 0; depth < painters::max_nesting; ++depth)
    loops = painters::sequence(loops, painters::call(2)) | painters::Loop{depth < 8 ? 2u : 1u};
  validate(loops);
  CHECK(rest(PlanCursor(loops)) == expected(loops));
}

TEST_CASE("streams of many plans advance side by side, each stopped before its next call",
          "[walk]") {
  const auto net = painters::stack<5>([](std::size_t i) {
    return toys::Mixing{0.3 + 0.1 * static_cast<double>(i), 0.2 - 0.1 * static_cast<double>(i)};
  });
  REQUIRE(rc::check([&](const std::vector<std::vector<std::uint8_t>>& all_bytes) {
    std::vector<Plan> plans;
    for (const auto& bytes : all_bytes) plans.push_back(toys::plan_from(bytes, 5, 2));
    std::vector<Stream> streams;
    for (std::size_t s = 0; s < plans.size(); ++s)
      streams.emplace_back(plans[s], Vector{0.3, -1.2, 0.1 * static_cast<double>(s)});

    std::vector<Stream*> waiting;
    for (Stream& stream : streams)
      if (stream.next_call()) waiting.push_back(&stream);
    while (!waiting.empty()) {
      // All that wait for one layer are served together, as one matrix product would serve them.
      const std::uint32_t layer = waiting.front()->site().layer;
      std::vector<Stream*> later;
      for (Stream* stream : waiting) {
        bool goes_on = true;
        if (stream->site().layer == layer) {
          painters::apply_call(net, stream->site(), stream->x());
          goes_on = stream->next_call();
        }
        if (goes_on) later.push_back(stream);
      }
      waiting = later;
    }
    for (std::size_t s = 0; s < plans.size(); ++s) {
      Vector x{0.3, -1.2, 0.1 * static_cast<double>(s)};
      painters::run(plans[s], net, x);
      RC_ASSERT(streams[s].x() == x);
    }
  }));
}
