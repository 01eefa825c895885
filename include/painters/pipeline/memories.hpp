// The memories of runs: one for each call site of a plan and each stream that goes through it.
#pragma once

#include <cstddef>
#include <painters/error.hpp>
#include <painters/pipeline/cursor.hpp>
#include <painters/pipeline/slot.hpp>
#include <painters/plan/node.hpp>
#include <painters/plan/plan.hpp>
#include <painters/plan/print.hpp>
#include <painters/plan/queries.hpp>
#include <painters/plan/validate.hpp>
#include <string>
#include <vector>

namespace painters {

namespace pipeline_detail {

/// Whether the walks over two plans go through the same calls and groups, as those over `0, 1 x2`
/// and `0, 1, 1` do.
inline bool same_walk(PlanView a, PlanView b) {
  PlanCursor at_a(a), at_b(b);
  while (at_a.next()) {
    if (!at_b.next() || at_a.step() != at_b.step()) return false;
    if (at_a.step() == WalkStep::call) {
      if (at_a.call().layer != at_b.call().layer || at_a.call().part != at_b.call().part)
        return false;
    } else if (at_a.step() == WalkStep::begin_branch) {
      if (at_a.branch().coefficient != at_b.branch().coefficient ||
          at_a.group().kind != at_b.group().kind)
        return false;
    }
  }
  return !at_b.next();
}

/// A text for messages, which must not fill the screen.
inline std::string shortened(std::string text) {
  constexpr std::size_t longest = 60;
  if (text.size() > longest) text.replace(longest - 3, text.size(), "...");
  return text;
}

}  // namespace pipeline_detail

/// One memory for each executed call of a plan, so that `16 x7` has seven, times the streams that
/// go through the plan independently of each other, such as texts that are generated side by side.
/// A layer makes its memory at its first call. They serve one plan over one network; running the
/// same plan again continues with what they hold. run() uses those of stream 0.
class Memories {
 public:
  /// All are empty. Throws UsageError if the plan is invalid.
  explicit Memories(PlanView plan, std::size_t streams = 1)
      : plan_(plan), size_((validate(plan), calls(plan))) {
    resize_streams(streams);
  }

  /// Throws UsageError unless they can serve a run of `plan`: it has to go through the same calls
  /// and groups as the plan that they were made for.
  void require(PlanView plan) const {
    if (plan == plan_ || pipeline_detail::same_walk(plan, plan_)) return;
    throw UsageError("the plan " + pipeline_detail::shortened(to_string(plan)) +
                     " was expected to be the one that its memories were made for, found that they "
                     "were made for " +
                     pipeline_detail::shortened(to_string(plan_)) +
                     ": make them with Memories(plan) from the plan that runs");
  }

  /// Number of call sites.
  std::size_t size() const { return size_; }
  /// Number of streams.
  std::size_t streams() const { return slots_.size(); }

  /// The memory of call number `call` among all that the plan executes, from 0 to size() - 1, for
  /// stream `stream`, from 0 to streams() - 1.
  Slot& operator()(std::size_t call, std::size_t stream) { return slots_[stream][call]; }
  /// The same, read-only.
  const Slot& operator()(std::size_t call, std::size_t stream) const {
    return slots_[stream][call];
  }
  /// The memory of that call for stream 0.
  Slot& operator[](std::size_t call) { return slots_[0][call]; }
  /// The same, read-only.
  const Slot& operator[](std::size_t call) const { return slots_[0][call]; }

  /// Adds empty streams at the end, or drops the last ones. The memories of all others stay where
  /// they are.
  void resize_streams(std::size_t streams) {
    if (streams < slots_.size()) slots_.resize(streams);
    while (slots_.size() < streams) slots_.emplace_back(size_);
  }
  /// Gives up what a stream remembers, so that its number can serve another.
  void release(std::size_t stream) { slots_[stream] = std::vector<Slot>(size_); }

 private:
  Plan plan_;                             // that they serve
  std::size_t size_;                      // call sites
  std::vector<std::vector<Slot>> slots_;  // by stream, then by call
};

}  // namespace painters
