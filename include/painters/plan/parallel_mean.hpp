// ParallelMean: every element starts from the same state; the mean of what they give, sum_i w_i
// f_i(h) / sum_i w_i. ParallelMean<13, 19>{}, ParallelMean{13, 19}, or ParallelMean{} for all of a
// plan or window; all weights are 1. WeightedMean<0.7, 0.3>{} or WeightedMean{0.7f, 0.3f} gives
// each element of a plan or window its weight.
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
struct ParallelMean : PlanFunction<ParallelMean<Bounds...>> {
  Positions<Bounds...> positions;

  constexpr ParallelMean() = default;
  constexpr ParallelMean(std::size_t first, std::size_t last) requires(sizeof...(Bounds) == 0)
      : positions(first, last) {}

  static constexpr std::size_t capacity(std::size_t nodes) {
    return plan_detail::parallel_capacity(nodes);
  }
  constexpr Plan transform(PlanView plan) const {
    return plan_detail::change_at(plan, positions, [](PlanView elements) {
      return plan_detail::parallel(elements, NodeKind::mean);
    });
  }
};
ParallelMean()->ParallelMean<>;
ParallelMean(std::size_t, std::size_t)->ParallelMean<>;

/// The weights, one for each top-level element, are known at compile time.
template <Weight... Weights>
struct WeightedMean : PlanFunction<WeightedMean<Weights...>> {
  static constexpr std::size_t capacity(std::size_t nodes) {
    return plan_detail::parallel_capacity(nodes);
  }
  constexpr Plan transform(PlanView plan) const {
    return plan_detail::weighted(plan, NodeKind::mean, {Weights.value...});
  }
};

/// The weights, one for each top-level element, are known at run time.
template <>
struct WeightedMean<> : PlanFunction<WeightedMean<>> {
  std::vector<float> weights;  // one for each element

  /// One weight for each top-level element.
  constexpr WeightedMean(std::initializer_list<float> w) : weights(w) {}
  /// One weight for each top-level element.
  constexpr explicit WeightedMean(std::vector<float> w) : weights(std::move(w)) {}

  static constexpr std::size_t capacity(std::size_t nodes) {
    return plan_detail::parallel_capacity(nodes);
  }
  constexpr Plan transform(PlanView plan) const {
    return plan_detail::weighted(plan, NodeKind::mean, weights);
  }
};
template <std::convertible_to<float>... Weights>
WeightedMean(Weights...) -> WeightedMean<>;
WeightedMean(std::vector<float>)->WeightedMean<>;

}  // namespace painters
