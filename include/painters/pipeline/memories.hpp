// The memories of a run: one for each call site of a plan.
#pragma once

#include <cstddef>
#include <painters/pipeline/slot.hpp>
#include <painters/plan/node.hpp>
#include <painters/plan/queries.hpp>
#include <painters/plan/validate.hpp>
#include <vector>

namespace painters {

/// One memory for each executed call of a plan, so that `16 x7` has seven. A layer makes its memory
/// at its first call. They serve one plan over one network; running the same plan again goes on
/// with what they hold.
class Memories {
 public:
  /// Throws UsageError if the plan is wrong in itself.
  explicit Memories(PlanView plan) : slots_((validate(plan), calls(plan))) {}

  /// Number of call sites.
  std::size_t size() const { return slots_.size(); }

  /// The memory of call number `call`, from 0 to size() - 1.
  Slot& operator[](std::size_t call) { return slots_[call]; }
  /// That of a call, by its number among all that the plan executes.
  const Slot& operator[](std::size_t call) const { return slots_[call]; }

 private:
  std::vector<Slot> slots_;
};

}  // namespace painters
