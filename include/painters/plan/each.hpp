// each: applies a combinator to every element by itself. each(Damped<0.5>{}) damps every layer's
// own update.
#pragma once

#include <cstddef>

#include <painters/plan/combinator.hpp>
#include <painters/plan/plan.hpp>

namespace painters {

/// What each() gives.
template <Combinator C>
struct Each : PlanFunction<Each<C>> {
  C combinator;  // what is applied to every element

  /// See each().
  constexpr explicit Each(const C& c) : combinator(c) {}

  /// Enough for every combinator whose capacity is linear, a * nodes + b.
  static constexpr std::size_t capacity(std::size_t nodes) { return nodes * C::capacity(1); }
  constexpr Plan transform(PlanView plan) const {
    Plan out;
    for (std::size_t i = 0; i < plan.size(); i = plan.next(i))
      out.append(combinator.transform(plan.subtree(i)));
    return out;
  }
};

/// A combinator that applies `combinator` to every top-level element by itself.
template <class C>
constexpr auto each(const C& combinator) {
  static_assert(plan_detail::require_combinator<C>());
  if constexpr (CombinatorLike<C>)
    return Each<plan_detail::as_combinator_t<C>>(plan_detail::as_combinator(combinator));
}

}  // namespace painters
