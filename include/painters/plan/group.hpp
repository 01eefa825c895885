// Parallel groups with their branches written out: every branch starts from the same state.
//
//   mean(call(13), call(14))                        (f13(h) + f14(h)) / 2
//   mean(Sequence<13, 15>{}, Sequence<16, 19>{})    two branches of several calls
//   mean(call(13) * 0.7f, call(14) * 0.3f)          weighted, divided by the weights' sum
//   sum(call(13) * 0.5f)                            a damped step, h + 0.5 (f13(h) - h)
//
// ParallelMean and ParallelSum make one branch for each element of a plan.
#pragma once

#include <painters/plan/build.hpp>

namespace painters {

/// A branch with its weight, as plan * weight gives it.
template <PlanLike P>
struct Branch {
  P body;        // the calls of the branch
  float weight;  // of its result
};

/// A branch with a weight, for mean() and sum().
template <PlanLike P>
requires std::derived_from<P, plan_detail::OwnsNodes>
constexpr Branch<P> operator*(const P& body, float weight) { return {body, weight}; }

namespace plan_detail {

template <class T>
struct BranchTraits {
  static constexpr bool is_branch = PlanLike<T>;
  using Body = T;
};
template <class P>
struct BranchTraits<Branch<P>> {
  static constexpr bool is_branch = true;
  using Body = P;
};

template <class P>
constexpr void append_branch(Plan& out, const Branch<P>& branch) {
  append_branch(out, branch.weight, branch.body);
}
constexpr void append_branch(Plan& out, PlanView body) { append_branch(out, 1.0f, body); }

template <NodeKind kind, class... Branches>
constexpr auto group(const Branches&... branches) {
  Plan listed;
  (append_branch(listed, branches), ...);
  Plan out;
  append_group(out, kind, listed);
  if constexpr ((StaticPlanLike<typename BranchTraits<Branches>::Body> && ...))
    return StaticPlan<(BranchTraits<Branches>::Body::capacity + ... + (1 + sizeof...(Branches)))>(
        out);
  else
    return out;
}

}  // namespace plan_detail

/// A plan, or a plan with a weight.
template <class T>
concept BranchLike = plan_detail::BranchTraits<T>::is_branch;

/// The weighted mean of what the branches give: sum_i w_i f_i(h) / sum_i w_i.
template <BranchLike... Branches>
constexpr auto mean(const Branches&... branches) {
  return plan_detail::group<NodeKind::mean>(branches...);
}

/// The state plus the weighted updates of the branches: h + sum_i w_i (f_i(h) - h).
template <BranchLike... Branches>
constexpr auto sum(const Branches&... branches) {
  return plan_detail::group<NodeKind::sum>(branches...);
}

}  // namespace painters
