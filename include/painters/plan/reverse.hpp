// Reverse: the last element first. Reverse<13, 19>{}, Reverse{13, 19}, or Reverse{} for all of a
// plan or window. Elements keep what is inside them: a loop or group is moved, not turned round.
#pragma once

#include <cstddef>
#include <vector>

#include <painters/plan/combinator.hpp>
#include <painters/plan/positions.hpp>

namespace painters {

/// Takes the whole plan without Bounds, a position with one and a range with two.
template <std::size_t... Bounds>
struct Reverse : PlanFunction<Reverse<Bounds...>> {
  Positions<Bounds...> positions;

  constexpr Reverse() = default;
  constexpr Reverse(std::size_t first, std::size_t last) requires(sizeof...(Bounds) == 0)
      : positions(first, last) {}

  static constexpr std::size_t capacity(std::size_t nodes) { return nodes; }
  constexpr Plan transform(PlanView plan) const {
    return plan_detail::change_at(plan, positions, [](PlanView elements) {
      std::vector<std::size_t> order =
          plan_detail::counted(plan_detail::element_starts(elements).size() - 1);
      for (std::size_t& k : order) k = order.size() - 1 - k;
      return plan_detail::reorder(elements, order);
    });
  }
};
Reverse()->Reverse<>;
Reverse(std::size_t, std::size_t)->Reverse<>;

}  // namespace painters
