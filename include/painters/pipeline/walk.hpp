// The walk over a plan that everything which executes a plan shares: each call and each beginning
// and end of a parallel group and its branches, in order, with loops unrolled.
#pragma once

#include <cstddef>
#include <cstdint>
#include <painters/plan/node.hpp>

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
struct GroupSite {
  NodeKind kind = NodeKind::mean;  // mean or sum
  std::uint32_t branches = 0;      // of this group
  double keep = 0;                 // of the state before the group
  double weights = 0;              // the sum of the branches' weights
  std::uint32_t depth = 0;         // parallel groups around this one
  std::size_t first_call = 0;      // number of the first call in the group
  std::size_t end_call = 0;  // one past the last call made so far: first_call when the group begins
};

/// One branch of a parallel group.
struct BranchSite {
  GroupSite group;             // the group that it belongs to
  std::uint32_t index = 0;     // of the branch in its group
  double coefficient = 0;      // of its result in the group's
  std::size_t first_call = 0;  // number of the first call in the branch
  std::size_t end_call =
      0;  // one past the last call made so far: first_call when the branch begins
};

namespace pipeline_detail {

template <class Visitor>
class Walk {
 public:
  constexpr explicit Walk(Visitor& visitor) : visitor_(visitor) {}

  constexpr void sequence(PlanView plan, std::uint32_t depth, std::uint32_t branch) {
    for (std::size_t i = 0; i < plan.size(); i = plan.next(i)) {
      const Node& node = plan[i];
      if (node.kind == NodeKind::call)
        visitor_.call(CallSite{node.value, node.part, calls_++, depth, branch});
      else if (node.kind == NodeKind::repeat)
        repeat(plan.below(i), node.value, depth, branch);
      else
        group(node, plan.below(i), depth);
    }
  }

 private:
  constexpr void repeat(PlanView body, std::uint32_t times, std::uint32_t depth,
                        std::uint32_t branch) {
    for (std::uint32_t t = 0; t < times; ++t) sequence(body, depth, branch);
  }

  constexpr void group(const Node& node, PlanView branches, std::uint32_t depth) {
    GroupSite site{node.kind, node.value, 0, 0, depth, calls_, calls_};
    for (std::size_t i = 0; i < branches.size(); i = branches.next(i))
      site.weights += branches[i].weight;
    if (node.kind == NodeKind::sum) site.keep = 1 - site.weights;
    visitor_.begin_group(site);
    std::uint32_t index = 0;
    for (std::size_t i = 0; i < branches.size(); i = branches.next(i), ++index) {
      const double weight = branches[i].weight;
      site.end_call = calls_;
      BranchSite branch{site, index, node.kind == NodeKind::sum ? weight : weight / site.weights,
                        calls_, calls_};
      visitor_.begin_branch(branch);
      sequence(branches.below(i), depth + 1, index);
      branch.end_call = branch.group.end_call = calls_;
      visitor_.end_branch(branch);
    }
    site.end_call = calls_;
    visitor_.end_group(site);
  }

  Visitor& visitor_;
  std::size_t calls_ = 0;
};

}  // namespace pipeline_detail

/// Calls visitor.call(CallSite), begin_group(GroupSite), begin_branch(BranchSite),
/// end_branch(BranchSite) and end_group(GroupSite) in the order of execution. The plan must be one
/// that validate accepts.
template <class Visitor>
constexpr void walk(PlanView plan, Visitor& visitor) {
  pipeline_detail::Walk<Visitor>(visitor).sequence(plan, 0, 0);
}

}  // namespace painters
