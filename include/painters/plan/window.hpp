// window: applies a combinator to a range of positions and leaves the rest of the plan as it is.
// window<13, 19>(ParallelMean{} | Loop<3>{}) or window(13, 19, ParallelMean{} | Loop{3}).
//
// middle: the same for the window of the paper's code (arXiv 2407.09298), which depends on the
// plan's length T and on the start s: positions s+1 .. T-s-1, M = T-2s-1 of them; s+1 positions are
// kept in front and s behind.
#pragma once

#include <cstddef>

#include <painters/plan/combinator.hpp>
#include <painters/plan/positions.hpp>

namespace painters {

/// What window() gives.
template <Combinator C, std::size_t... Bounds>
struct Window : PlanFunction<Window<C, Bounds...>> {
  Positions<Bounds...> positions;
  C combinator;  // what is applied there

  /// See window().
  constexpr Window(const Positions<Bounds...>& p, const C& c) : positions(p), combinator(c) {}

  /// Room for the elements that are kept and for what the combinator makes of the others.
  static constexpr std::size_t capacity(std::size_t nodes) { return nodes + C::capacity(nodes); }
  constexpr Plan transform(PlanView plan) const {
    return plan_detail::change_at(
        plan, positions, [this](PlanView elements) { return combinator.transform(elements); });
  }
};

/// A combinator that applies `combinator` to positions First to Last, both included.
template <std::size_t First, std::size_t Last, class C>
constexpr auto window(const C& combinator) {
  static_assert(plan_detail::require_combinator<C>());
  if constexpr (CombinatorLike<C>)
    return Window<plan_detail::as_combinator_t<C>, First, Last>(
        Positions<First, Last>{}, plan_detail::as_combinator(combinator));
}

/// The same with positions that are known at run time.
template <class C>
constexpr auto window(std::size_t first, std::size_t last, const C& combinator) {
  static_assert(plan_detail::require_combinator<C>());
  if constexpr (CombinatorLike<C>)
    return Window<plan_detail::as_combinator_t<C>>(Positions<>(first, last),
                                                   plan_detail::as_combinator(combinator));
}

/// The window of the paper's code for T = layers and s = start: positions first..last, count of
/// them.
struct PaperWindow {
  std::size_t first;  // position
  std::size_t last;   // position, included
  std::size_t count;  // positions from first to last
};

/// How many starts leave something in the middle of so many layers: 0, 1, ... below this number.
constexpr std::size_t paper_starts(std::size_t layers) { return layers / 2; }

/// Fails where no position is left in the middle. `column`: see plan_detail::fail.
constexpr PaperWindow paper_window(std::size_t layers, std::size_t start, std::size_t column = 0) {
  if (start >= paper_starts(layers))
    plan_detail::fail(
        "start {} leaves nothing in the middle of {} layers: a start s needs 2s + 2 layers or more",
        {start, layers}, column);
  return {start + 1, layers - start - 1, layers - 2 * start - 1};
}

/// What middle() gives.
template <Combinator C>
struct Middle : PlanFunction<Middle<C>> {
  std::size_t start;  // the last position before the window
  C combinator;

  /// See middle().
  constexpr Middle(std::size_t s, const C& c) : start(s), combinator(c) {}

  static constexpr std::size_t capacity(std::size_t nodes) { return Window<C>::capacity(nodes); }
  constexpr Plan transform(PlanView plan) const {
    const PaperWindow range = paper_window(plan_detail::element_starts(plan).size() - 1, start);
    return window(range.first, range.last, combinator).transform(plan);
  }
};

/// A combinator that applies `combinator` to the paper's window for a start.
template <class C>
constexpr auto middle(std::size_t start, const C& combinator) {
  static_assert(plan_detail::require_combinator<C>());
  if constexpr (CombinatorLike<C>)
    return Middle<plan_detail::as_combinator_t<C>>(start, plan_detail::as_combinator(combinator));
}

/// The same with the start as a template argument.
template <std::size_t Start, class C>
constexpr auto middle(const C& combinator) {
  return middle(Start, combinator);
}

}  // namespace painters
