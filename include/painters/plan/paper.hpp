// The methods of "Transformer Layers as Painters" (arXiv 2407.09298) as combinators for the plan of
// all layers: Sequence<32>{} | paper::skip(12), or Sequence{layers} | paper::skip(start).
//
// The window is that of the authors' code, the open interval (start, T - start); see middle in
// window.hpp. "Parallel" in the paper is looped_parallel with repeats 1. Texts and programs take
// the methods from the table in paper_methods.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <painters/plan/loop.hpp>
#include <painters/plan/parallel_mean.hpp>
#include <painters/plan/repeat.hpp>
#include <painters/plan/reverse.hpp>
#include <painters/plan/shuffle.hpp>
#include <painters/plan/skip.hpp>
#include <painters/plan/swap.hpp>
#include <painters/plan/window.hpp>

namespace painters::paper {

/// All layers in order.
constexpr auto baseline() { return Loop<1>{}; }

/// The window is left out.
constexpr auto skip(std::size_t start) { return middle(start, Skip{}); }

/// The window runs backwards.
constexpr auto reverse(std::size_t start) { return middle(start, Reverse{}); }

/// Replaces every element by the one in the centre. The centre of a window is that of the whole
/// plan.
struct RepeatCentre : PlanFunction<RepeatCentre> {
  static constexpr std::size_t capacity(std::size_t nodes) { return 1 + nodes; }
  constexpr Plan transform(PlanView plan) const {
    const std::vector<std::size_t> starts = plan_detail::element_starts(plan);
    const std::size_t count = starts.size() - 1;
    Plan out;
    if (count > 0) plan_detail::append_repeat(out, count, plan.subtree(starts[(count - 1) / 2]));
    return out;
  }
};

/// The centre layer int(T / 2) runs M times in place of the window's M layers.
constexpr auto middle_repeat(std::size_t start) { return middle(start, RepeatCentre{}); }

/// The window in the order of CPython's random.seed(seed); random.shuffle(window).
constexpr auto random(std::size_t start, std::uint64_t seed) {
  return middle(start, Shuffle{seed});
}

/// The mean of all layers of the window, `repeats` times.
constexpr auto looped_parallel(std::size_t start, std::uint64_t repeats) {
  return middle(start, ParallelMean{} | Loop{repeats});
}

/// All but one layer (skip_idx_layer in the authors' code).
constexpr auto skip_one(std::size_t layer) { return Skip{layer}; }

/// A layer and the next one change places (switch_idx_layer in the authors' code).
constexpr auto switch_two(std::size_t layer) { return Swap{layer, layer + 1}; }

/// Each layer of the window twice. The authors' code lacks this method, and the paper does not say
/// whether each layer or the whole window is repeated; for the latter write middle(start, Loop{2}).
constexpr auto double_repeat(std::size_t start) { return middle(start, Repeat{2}); }

/// Each layer of the window three times; see double_repeat.
constexpr auto triple_repeat(std::size_t start) { return middle(start, Repeat{3}); }

}  // namespace painters::paper
