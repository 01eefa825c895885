// The memories of runs: one for each call site of a plan and each stream that goes through it.
#pragma once

#include <cstddef>
#include <painters/pipeline/slot.hpp>
#include <painters/plan/node.hpp>
#include <painters/plan/queries.hpp>
#include <painters/plan/validate.hpp>
#include <vector>

namespace painters {

/// One memory for each executed call of a plan, so that `16 x7` has seven, times the streams that
/// go through the plan independently of each other, such as texts that are generated side by side.
/// A layer makes its memory at its first call. They serve one plan over one network; running the
/// same plan again continues with what they hold. run() uses those of stream 0.
class Memories {
 public:
  /// All are empty. Throws UsageError if the plan is invalid.
  explicit Memories(PlanView plan, std::size_t streams = 1) : size_((validate(plan), calls(plan))) {
    resize_streams(streams);
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
  std::size_t size_;                      // call sites
  std::vector<std::vector<Slot>> slots_;  // by stream, then by call
};

}  // namespace painters
