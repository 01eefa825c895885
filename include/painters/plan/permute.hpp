// Permute: of the positions that it lists, the first in the plan gets the element listed first, the
// second the one listed second, and so on; what is not listed stays. So the list says who comes
// next, not where an element goes:
//
//   Sequence<5>{} | Permute<3, 1, 2>{}    0, 3, 1, 2, 4: places 1, 2, 3 get elements 3, 1, 2
//   Sequence<5>{} | Permute<3, 1>{}       0, 3, 2, 1, 4: 1 and 3 change places
//   Sequence<5>{} | Permute<1, 3>{}       0..4: listed in the order that they have already
//
// Permute{15, 13, 14} or a std::vector at run time; in a window, positions count from the window's
// first element.
#pragma once

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <utility>
#include <vector>

#include <painters/plan/combinator.hpp>
#include <painters/plan/positions.hpp>

namespace painters {

namespace plan_detail {

constexpr void require_first_use(std::size_t position, bool used) {
  if (used) fail("a permutation names each position once, found {} twice", {position});
}

/// For the few positions that are written into a program: takes quadratic time.
constexpr bool require_different(std::initializer_list<std::size_t> positions) {
  for (const std::size_t* later = positions.begin(); later != positions.end(); ++later)
    for (const std::size_t* earlier = positions.begin(); earlier != later; ++earlier)
      require_first_use(*later, *earlier == *later);
  return true;
}

/// order must hold positions of the plan, each at most once.
constexpr Plan permuted(PlanView plan, const std::vector<std::size_t>& order) {
  const std::size_t elements = element_starts(plan).size() - 1;
  const std::size_t listed = elements;  // marks the positions that the permutation fills
  std::vector<std::size_t> all = counted(elements);
  for (const std::size_t position : order) {
    require_position_inside(position, elements);
    require_first_use(position, all[position] == listed);
    all[position] = listed;
  }
  std::size_t next = 0;
  for (std::size_t& k : all)
    if (k == listed) k = order[next++];
  return reorder(plan, all);
}

}  // namespace plan_detail

/// The order is known at compile time.
template <std::size_t... Order>
struct Permute : PlanFunction<Permute<Order...>> {
  static_assert(plan_detail::require_different({Order...}));

  static constexpr std::size_t capacity(std::size_t nodes) { return nodes; }
  constexpr Plan transform(PlanView plan) const { return plan_detail::permuted(plan, {Order...}); }
};

/// The order is known at run time.
template <>
struct Permute<> : PlanFunction<Permute<>> {
  std::vector<std::size_t> order;  // the positions that change places

  constexpr Permute() = default;
  /// The positions that change places, each once, in their new order.
  constexpr Permute(std::initializer_list<std::size_t> positions) : order(positions) {}
  /// The positions that change places, each once, in their new order.
  constexpr explicit Permute(std::vector<std::size_t> positions) : order(std::move(positions)) {}

  static constexpr std::size_t capacity(std::size_t nodes) { return nodes; }
  constexpr Plan transform(PlanView plan) const { return plan_detail::permuted(plan, order); }
};
template <std::convertible_to<std::size_t>... Order>
Permute(Order...) -> Permute<>;
Permute(std::vector<std::size_t>)->Permute<>;

}  // namespace painters
