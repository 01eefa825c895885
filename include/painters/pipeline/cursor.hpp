// The walk that everything which executes a plan shares: each call, and each beginning and end of a
// parallel group and of its branches, in order, with loops unrolled. A cursor gives one step at a
// time, so it can wait: many plans can advance side by side, each stopped at the layer that it is
// about to call.
//
//   PlanCursor cursor(plan);
//   while (cursor.next())
//     if (cursor.step() == WalkStep::call) std::cout << cursor.call().layer << "\n";
//
// walk.hpp goes through all steps at once. GroupStates knows what groups do to a state.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <painters/plan/node.hpp>
#include <vector>

namespace painters {

/// One executed call of a layer. Every executed occurrence is a call site of its own: `16 x7` has
/// seven.
struct CallSite {
  std::uint32_t layer = 0;   // what is called
  Part part = whole;         // of the layer
  std::size_t number = 0;    // of the call among all that the plan executes, from 0
  std::uint32_t depth = 0;   // parallel groups around the call; 0: it belongs to the main sequence
  std::uint32_t branch = 0;  // the branch of the innermost group that the call is in; 0 at depth 0
};

/// A parallel group. From the state h it makes keep * h + sum_i coefficient_i * f_i(h), where
///   mean   keep = 0           coefficient_i = w_i / sum w
///   sum    keep = 1 - sum w   coefficient_i = w_i, which is h + sum_i w_i (f_i(h) - h)
/// A coefficient of 0 drops its term, even where 0 times the term would be NaN. A branch of weight
/// 0 runs all the same, so that its calls have their numbers, hooks and memories.
struct GroupSite {
  NodeKind kind = NodeKind::mean;  // mean or sum
  std::uint32_t branches = 0;      // of this group
  double keep = 0;                 // coefficient of the state before the group
  double weights = 0;              // the sum of the branches' weights
  std::uint32_t depth = 0;         // parallel groups around this one
  std::size_t first_call = 0;      // number of the first call in the group
  std::size_t end_call = 0;  // one past the last call made so far: first_call when the group begins
};

/// One branch of a parallel group.
struct BranchSite {
  GroupSite group;             // the group that it belongs to
  std::uint32_t index = 0;     // of the branch in its group
  double coefficient = 0;      // of its result in the group's result
  std::size_t first_call = 0;  // number of the first call in the branch
  std::size_t end_call =
      0;  // one past the last call made so far: first_call when the branch begins
};

/// What happens at a step of a walk.
enum class WalkStep : std::uint8_t {
  none,          // the walk has not begun, or is over
  call,          // a layer is called
  begin_group,   // a parallel group begins
  begin_branch,  // one of its branches begins, from the group's start
  end_branch,    // it ends
  end_group      // the group ends, after all its branches
};

/// A place in the walk over a plan. The plan must be one that validate accepts and must outlive the
/// cursor. A copy advances independently from the same place. Allocates only for unusually deep
/// nesting of loops and groups.
class PlanCursor {
 public:
  /// Starts before the first step.
  constexpr explicit PlanCursor(PlanView plan)
      : plan_(plan), end_(static_cast<std::uint32_t>(plan.size())) {}

  /// Goes to the next step; false if there is none.
  constexpr bool next() {
    switch (step_) {
      case WalkStep::begin_group:
        begin_branch();
        return true;
      case WalkStep::end_branch:
        if (at_ < plan_.next(top().node)) {
          ++top().count;
          begin_branch();
        } else {
          step_ = WalkStep::end_group;
        }
        return true;
      case WalkStep::end_group:
        leave_group();
        break;
      default:
        break;
    }
    return go_on();
  }

  /// The step that it is at.
  constexpr WalkStep step() const { return step_; }

  /// The call, if the step is one.
  constexpr CallSite call() const {
    const Node& node = plan_[at_ - std::size_t{1}];
    return {node.value, node.part, calls_ - std::size_t{1}, depth_, branch_};
  }
  /// The group, at the beginning or end of a group or branch.
  constexpr GroupSite group() const {
    const Frame& frame = top();
    const Node& node = plan_[frame.node];
    return {node.kind,     node.value, node.kind == NodeKind::sum ? 1 - frame.weights : 0,
            frame.weights, depth_ - 1, frame.first_call,
            calls_};
  }
  /// The branch, at the beginning or end of one.
  constexpr BranchSite branch() const {
    const Frame& frame = top();
    const double weight = plan_[frame.branch].weight;
    const bool adds = plan_[frame.node].kind == NodeKind::sum;
    return {group(), frame.count, adds ? weight : weight / frame.weights,
            frame.first_call_of_branch, calls_};
  }

 private:
  /// A loop or group around the place.
  struct Frame {
    std::uint32_t node = 0;                  // of the loop or group
    std::uint32_t end = 0;                   // of the sequence around it
    std::uint32_t count = 0;                 // loop: passes to come; group: the branch it is in
    std::uint32_t branch = 0;                // group: the node of that branch
    std::uint32_t branch_around = 0;         // group: the branch around the group
    std::uint32_t first_call = 0;            // group
    std::uint32_t first_call_of_branch = 0;  // group
    double weights = 0;                      // group: their sum
  };

  /// Goes on within a sequence.
  constexpr bool go_on() {
    while (true) {
      if (at_ < end_) {
        const Node& node = plan_[at_];
        if (node.kind == NodeKind::call) {
          ++at_;
          ++calls_;
          step_ = WalkStep::call;
          return true;
        }
        if (node.kind != NodeKind::repeat) {
          enter_group();
          return true;
        }
        push({.node = at_, .end = end_, .count = node.value - 1});
        end_ = at_ + node.size;
        ++at_;
      } else if (open_ == 0) {
        step_ = WalkStep::none;
        return false;
      } else if (Frame& frame = top(); plan_[frame.node].kind != NodeKind::repeat) {
        step_ = WalkStep::end_branch;
        return true;
      } else if (frame.count > 0) {
        --frame.count;
        at_ = frame.node + 1;
      } else {
        end_ = frame.end;
        pop();
      }
    }
  }

  constexpr void enter_group() {
    Frame frame{.node = at_, .end = end_, .branch_around = branch_, .first_call = calls_};
    for (std::size_t i = at_ + std::size_t{1}; i < plan_.next(at_); i = plan_.next(i))
      frame.weights += plan_[i].weight;
    push(frame);
    ++at_;
    ++depth_;
    step_ = WalkStep::begin_group;
  }

  /// Enters the branch whose node comes next.
  constexpr void begin_branch() {
    Frame& frame = top();
    frame.branch = at_;
    frame.first_call_of_branch = calls_;
    branch_ = frame.count;
    end_ = at_ + plan_[at_].size;
    ++at_;
    step_ = WalkStep::begin_branch;
  }

  constexpr void leave_group() {
    end_ = top().end;
    branch_ = top().branch_around;
    --depth_;
    pop();
  }

  constexpr void push(const Frame& frame) {
    if (open_ < near_.size())
      near_[open_] = frame;
    else
      far_.push_back(frame);
    ++open_;
  }
  constexpr void pop() {
    if (open_ > near_.size()) far_.pop_back();
    --open_;
  }
  constexpr Frame& top() { return open_ <= near_.size() ? near_[open_ - 1] : far_.back(); }
  constexpr const Frame& top() const {
    return open_ <= near_.size() ? near_[open_ - 1] : far_.back();
  }

  PlanView plan_;
  std::uint32_t at_ = 0;      // the node that comes next
  std::uint32_t end_ = 0;     // of the sequence that it is in
  std::uint32_t calls_ = 0;   // made so far
  std::uint32_t depth_ = 0;   // parallel groups around the place
  std::uint32_t branch_ = 0;  // of the innermost of them
  WalkStep step_ = WalkStep::none;
  std::size_t open_ = 0;         // loops and groups around the place
  std::array<Frame, 6> near_{};  // the outermost of them
  std::vector<Frame> far_;       // those inside
};

}  // namespace painters
