// Swap: two elements change places. Swap<13, 14>{} or Swap{13, 14}.
#pragma once

#include <cstddef>
#include <vector>

#include <painters/plan/combinator.hpp>
#include <painters/plan/positions.hpp>

namespace painters {

namespace plan_detail {

constexpr Plan swapped(PlanView plan, std::size_t a, std::size_t b) {
  std::vector<std::size_t> order = counted(element_starts(plan).size() - 1);
  require_position_inside(a, order.size());
  require_position_inside(b, order.size());
  order[a] = b;
  order[b] = a;
  return reorder(plan, order);
}

}  // namespace plan_detail

template <std::size_t... Positions>
struct Swap;

/// The positions are known at compile time.
template <std::size_t A, std::size_t B>
struct Swap<A, B> : PlanFunction<Swap<A, B>> {
  static constexpr std::size_t capacity(std::size_t nodes) { return nodes; }
  constexpr Plan transform(PlanView plan) const { return plan_detail::swapped(plan, A, B); }
};

/// The positions are known at run time.
template <>
struct Swap<> : PlanFunction<Swap<>> {
  std::size_t a, b;  // the positions

  /// Two positions; applying it fails where the plan does not have them.
  constexpr Swap(std::size_t first, std::size_t second) : a(first), b(second) {}

  static constexpr std::size_t capacity(std::size_t nodes) { return nodes; }
  constexpr Plan transform(PlanView plan) const { return plan_detail::swapped(plan, a, b); }
};
Swap(std::size_t, std::size_t)->Swap<>;

}  // namespace painters
