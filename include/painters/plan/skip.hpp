// Skip: leaves elements out. Skip<13, 19>{}, Skip<13>{}, Skip{13, 19}, Skip{13}; Skip{} leaves out
// all of a window.
#pragma once

#include <cstddef>

#include <painters/plan/combinator.hpp>
#include <painters/plan/positions.hpp>

namespace painters {

/// Takes the whole plan without Bounds, a position with one and a range with two.
template <std::size_t... Bounds>
struct Skip : PlanFunction<Skip<Bounds...>> {
  Positions<Bounds...> positions;

  constexpr Skip() = default;
  /// One position.
  constexpr explicit Skip(std::size_t only) requires(sizeof...(Bounds) == 0)
      : positions(only, only) {}
  constexpr Skip(std::size_t first, std::size_t last) requires(sizeof...(Bounds) == 0)
      : positions(first, last) {}

  static constexpr std::size_t capacity(std::size_t nodes) { return nodes; }
  constexpr Plan transform(PlanView plan) const {
    return plan_detail::change_at(plan, positions, [](PlanView) { return Plan(); });
  }
};
Skip()->Skip<>;
Skip(std::size_t)->Skip<>;
Skip(std::size_t, std::size_t)->Skip<>;

}  // namespace painters
