// Repeat: every element by itself several times in a row, where Loop repeats the block. Repeat<2>{}
// or Repeat{2}.
#pragma once

#include <cstdint>

#include <painters/plan/each.hpp>
#include <painters/plan/loop.hpp>

namespace painters {

/// Repeat<k>{} or, with k known at run time, Repeat{k}.
template <std::uint64_t... Times>
struct Repeat : PlanFunction<Repeat<Times...>> {
  Each<Loop<Times...>> loops;  // what it is made of

  constexpr Repeat() requires(sizeof...(Times) == 1) : loops(Loop<Times...>{}) {}
  /// Each element `times` times.
  constexpr explicit Repeat(std::uint64_t times) requires(sizeof...(Times) == 0)
      : loops(Loop<>(times)) {}

  static constexpr std::size_t capacity(std::size_t nodes) {
    return Each<Loop<Times...>>::capacity(nodes);
  }
  constexpr Plan transform(PlanView plan) const { return loops.transform(plan); }
};
Repeat(std::uint64_t)->Repeat<>;

}  // namespace painters
