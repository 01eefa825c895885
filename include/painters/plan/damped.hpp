// Damped: the elements, as one block f, with their update scaled: h + a (f(h) - h). Damped<0.5>{}
// or Damped{0.5f}.
#pragma once

#include <cstddef>

#include <painters/plan/build.hpp>
#include <painters/plan/combinator.hpp>

namespace painters {

namespace plan_detail {

constexpr Plan damped(PlanView plan, float scale) {
  Plan branch;
  append_branch(branch, scale, plan);
  Plan out;
  append_group(out, NodeKind::sum, branch);
  return out;
}

}  // namespace plan_detail

template <Weight... Scale>
struct Damped;

/// The scale is known at compile time.
template <Weight Scale>
struct Damped<Scale> : PlanFunction<Damped<Scale>> {
  static constexpr std::size_t capacity(std::size_t nodes) { return 2 + nodes; }
  constexpr Plan transform(PlanView plan) const { return plan_detail::damped(plan, Scale.value); }
};

/// The scale is known at run time.
template <>
struct Damped<> : PlanFunction<Damped<>> {
  float scale;  // of the update

  /// `a`: the scale of the update.
  constexpr explicit Damped(float a) : scale(a) {}

  static constexpr std::size_t capacity(std::size_t nodes) { return 2 + nodes; }
  constexpr Plan transform(PlanView plan) const { return plan_detail::damped(plan, scale); }
};
Damped(float)->Damped<>;

}  // namespace painters
