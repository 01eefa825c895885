// ParallelSum: every element starts from the same state; their updates are added, h + sum_i w_i
// (f_i(h) - h). ParallelSum<13, 19>{}, ParallelSum{13, 19}, or ParallelSum{} for all of a plan or
// window; all weights are 1. WeightedSum<0.7, 0.3>{} or WeightedSum{0.7f, 0.3f} gives each element
// of a plan or window its weight.
#pragma once

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <utility>
#include <vector>

#include <painters/plan/combinator.hpp>
#include <painters/plan/parallel.hpp>
#include <painters/plan/positions.hpp>

namespace painters {

/// Takes the whole plan without Bounds, a position with one and a range with two.
template <std::size_t... Bounds>
struct ParallelSum : PlanFunction<ParallelSum<Bounds...>> {
  Positions<Bounds...> positions;

  constexpr ParallelSum() = default;
  constexpr ParallelSum(std::size_t first, std::size_t last) requires(sizeof...(Bounds) == 0)
      : positions(first, last) {}

  static constexpr std::size_t capacity(std::size_t nodes) {
    return plan_detail::parallel_capacity(nodes);
  }
  constexpr Plan transform(PlanView plan) const {
    return plan_detail::change_at(plan, positions, [](PlanView elements) {
      return plan_detail::parallel(elements, NodeKind::sum);
    });
  }
};
ParallelSum()->ParallelSum<>;
ParallelSum(std::size_t, std::size_t)->ParallelSum<>;

/// The weights, one for each top-level element, are known at compile time.
template <Weight... Weights>
struct WeightedSum : PlanFunction<WeightedSum<Weights...>> {
  static constexpr std::size_t capacity(std::size_t nodes) {
    return plan_detail::parallel_capacity(nodes);
  }
  constexpr Plan transform(PlanView plan) const {
    return plan_detail::weighted(plan, NodeKind::sum, {Weights.value...});
  }
};

/// The weights, one for each top-level element, are known at run time.
template <>
struct WeightedSum<> : PlanFunction<WeightedSum<>> {
  std::vector<float> weights;  // one for each element

  /// One weight for each top-level element.
  constexpr WeightedSum(std::initializer_list<float> w) : weights(w) {}
  /// One weight for each top-level element.
  constexpr explicit WeightedSum(std::vector<float> w) : weights(std::move(w)) {}

  static constexpr std::size_t capacity(std::size_t nodes) {
    return plan_detail::parallel_capacity(nodes);
  }
  constexpr Plan transform(PlanView plan) const {
    return plan_detail::weighted(plan, NodeKind::sum, weights);
  }
};
template <std::convertible_to<float>... Weights>
WeightedSum(Weights...) -> WeightedSum<>;
WeightedSum(std::vector<float>)->WeightedSum<>;

}  // namespace painters
