// The states that open parallel groups keep: where their branches start and what they have added up
// so far.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <painters/pipeline/state.hpp>
#include <utility>
#include <vector>

namespace painters {

/// Combines the branches of parallel groups, nested ones too. All work happens in the state x that
/// the calls change and in buffers that are reused: a group of n branches costs n - 1 copies of the
/// state, or n if it keeps a share of its start; a group that equals its only branch costs none.
/// Sums are taken in the order of the branches. The backward pass works the same way, with the
/// coefficients applied before the branches instead of after them.
template <StateLike S>
class GroupStates {
 public:
  /// A group begins at x; `keep` is the share of the start in its result.
  void begin_group(std::uint32_t branches, double keep, S& x) {
    if (open_ == groups_.size()) groups_.emplace_back();
    Group& group = groups_[open_++];
    group.branches = branches;
    group.done = 0;
    group.passes_through = branches == 1 && keep == 0;
    group.has_sum = keep != 0;
    if (branches > 1) group.start = x;
    if (keep != 0) {
      group.sum = x;
      scale(*group.sum, keep);
    }
  }

  /// The next branch begins: x becomes `before` times the group's start.
  void begin_branch(double before, S& x) {
    using std::swap;
    Group& group = groups_[open_ - 1];
    if (group.done > 0) {
      if (group.done + 1 == group.branches)
        swap(x, *group.start);
      else
        x = *group.start;
    }
    if (before != 1) scale(x, before);
  }

  /// The branch has ended: adds `after` times x to the group's result, or nothing if `after` is 0.
  /// In a group that keeps nothing of its start at least one branch must add something.
  void end_branch(double after, S& x) {
    using std::swap;
    Group& group = groups_[open_ - 1];
    ++group.done;
    if (after == 0) return;  // 0 times an infinite value would not be 0
    if (group.passes_through) {
      if (after != 1) scale(x, after);
    } else if (group.has_sum) {
      add_scaled(*group.sum, after, x);
    } else {
      if (group.sum)
        swap(*group.sum, x);
      else
        group.sum.emplace(std::move(x));
      if (after != 1) scale(*group.sum, after);
      group.has_sum = true;
    }
  }

  /// The group ends: x becomes its result.
  void end_group(S& x) {
    using std::swap;
    Group& group = groups_[--open_];
    if (!group.passes_through) swap(x, *group.sum);
  }

 private:
  struct Group {
    std::optional<S> start,
        sum;  // kept when the group is over: the next one at this depth reuses the buffers
    std::uint32_t branches = 0, done = 0;
    bool passes_through = false, has_sum = false;
  };
  std::vector<Group> groups_;
  std::size_t open_ = 0;
};

}  // namespace painters
