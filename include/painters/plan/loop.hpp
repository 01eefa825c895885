// Loop: the elements, as one block, several times in a row. Loop<3>{} or Loop{3}; Loop<1> changes
// nothing.
#pragma once

#include <cstddef>
#include <cstdint>

#include <painters/plan/build.hpp>
#include <painters/plan/combinator.hpp>

namespace painters {

namespace plan_detail {

constexpr Plan looped(PlanView plan, std::uint64_t times) {
  Plan out;
  append_repeat(out, times, plan);
  return out;
}

}  // namespace plan_detail

template <std::uint64_t... Times>
struct Loop;

/// The number of times is known at compile time.
template <std::uint64_t Times>
struct Loop<Times> : PlanFunction<Loop<Times>> {
  static_assert(plan_detail::require_times(Times) > 0);

  static constexpr std::size_t capacity(std::size_t nodes) { return 1 + nodes; }
  constexpr Plan transform(PlanView plan) const { return plan_detail::looped(plan, Times); }
};

/// The number of times is known at run time.
template <>
struct Loop<> : PlanFunction<Loop<>> {
  std::uint64_t times;  // at least 1

  /// `n` times; applying it to a plan fails for 0.
  constexpr explicit Loop(std::uint64_t n) : times(n) {}

  static constexpr std::size_t capacity(std::size_t nodes) { return 1 + nodes; }
  constexpr Plan transform(PlanView plan) const { return plan_detail::looped(plan, times); }
};
Loop(std::uint64_t)->Loop<>;

}  // namespace painters
