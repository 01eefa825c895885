// The states that open parallel groups keep: where their branches start and what they have added up
// so far.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <painters/error.hpp>
#include <painters/pipeline/copies.hpp>
#include <painters/pipeline/shape.hpp>
#include <painters/pipeline/state.hpp>
#include <string>
#include <utility>
#include <vector>

namespace painters {

/// Where a branch ends, for messages.
struct BranchEnd {
  bool has_calls = false;   // whether anything has been called in it
  std::uint32_t layer = 0;  // the last layer that was
};

namespace pipeline_detail {

/// " at the end of branch 1 (after layer 4)"
inline std::string end_text(std::uint32_t branch, const BranchEnd& end) {
  return " at the end of branch " + std::to_string(branch) +
         (end.has_calls ? " (after layer " + std::to_string(end.layer) + ")"
                        : " (which calls nothing)");
}

[[noreturn]] inline void shapes_differ(const std::string& one, const std::string& other) {
  throw UsageError(
      "the branches of a parallel group were expected to end with states of the same "
      "shape, found " +
      one + " and " + other + ": end every branch with a layer that gives the same shape");
}

}  // namespace pipeline_detail

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
    group.has_sum = group.keeps_start = keep != 0;
#if PAINTERS_CHECK_COPIES
    if ((branches > 1 || keep != 0) && !copies_are_deep_)
      copies_are_deep_ = pipeline_detail::require_deep_copies(x);
#endif
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

  /// Throws UsageError if the branch that ends with x cannot be added to those before it, because x
  /// has another shape. States that are added by a function of their own are left to it.
  void require_shape(double after, const BranchEnd& end, const S& x) {
    if constexpr (!pipeline_detail::HasAddScaled<S>) {
      Group& group = groups_[open_ - 1];
      if (after == 0 || group.passes_through) return;
      if (!group.has_sum) {
        group.first = group.done;
        group.first_end = end;
      } else if (!pipeline_detail::same_shape(*group.sum, x)) {
        pipeline_detail::shapes_differ(
            pipeline_detail::shape_text(*group.sum) +
                (group.keeps_start ? " at the beginning of the group"
                                   : pipeline_detail::end_text(group.first, group.first_end)),
            pipeline_detail::shape_text(x) + pipeline_detail::end_text(group.done, end));
      }
    }
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
    bool passes_through = false, has_sum = false, keeps_start = false;
    std::uint32_t first = 0;  // of the branches that are added
    BranchEnd first_end;
  };
  std::vector<Group> groups_;
  std::size_t open_ = 0;
  bool copies_are_deep_ = false;  // as far as is known; see copies.hpp
};

}  // namespace painters
