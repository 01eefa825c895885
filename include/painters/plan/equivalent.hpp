// Whether two plans compute the same, although they are written differently: `0, 1 x2` and `0, 1,
// 1`.
#pragma once

#include <painters/plan/application_graph.hpp>
#include <painters/plan/plan.hpp>
#include <painters/plan/validate.hpp>

namespace painters {

/// Whether both plans make their last state in the same way, whatever the layers are; only rounding
/// can differ. Loops are unrolled and brackets removed. A parallel group is the linear combination
/// that node.hpp describes, as in ApplicationGraph: the order of its branches does not matter, nor
/// do branches of weight 0 and what the weights of a mean add up to; equal branches are one, and a
/// group that equals its only branch is that branch. Parts are compared by number, and a layer is
/// not its parts. Says nothing about numbers of calls, which hooks and memories see. Fails where
/// validate fails; takes time in proportion to the calls.
template <PlanLike A, PlanLike B>
constexpr bool equivalent(const A& a, const B& b) {
  validate(a);
  validate(b);
  ApplicationGraph graph;
  return graph.add(a) == graph.add(b);
}

}  // namespace painters
