// Plans that run calls one after another: Sequence<32>{}, Sequence<13, 19>{}, call(13), sequence(a,
// b, c).
#pragma once

#include <cstddef>
#include <cstdint>

#include <painters/plan/plan.hpp>

namespace painters {

namespace plan_detail {

constexpr std::uint32_t require_layer_number(std::uint64_t layer, std::size_t column = 0) {
  if (layer >= max_nodes)
    fail("layers are counted from 0 to {}, found {}", {max_nodes - 1, layer}, column);
  return static_cast<std::uint32_t>(layer);
}

constexpr Node call_node(std::uint64_t layer, Part part) {
  return {.kind = NodeKind::call, .part = part, .value = require_layer_number(layer)};
}

constexpr std::size_t distance(std::size_t a, std::size_t b) { return a < b ? b - a : a - b; }

/// Adds the calls of first..last, both included, upwards or downwards.
template <class Out>
constexpr void append_calls(Out& out, std::size_t first, std::size_t last) {
  const std::size_t count = distance(require_layer_number(first), require_layer_number(last)) + 1;
  for (std::size_t k = 0; k < count; ++k)
    out.append(call_node(first <= last ? first + k : first - k, whole));
}

template <class Out>
constexpr void append_first_layers(Out& out, std::size_t layers) {
  if (layers > 0) append_calls(out, 0, layers - 1);
}

}  // namespace plan_detail

/// Sequence<n>: the layers 0..n-1 in order. Sequence<a, b>: a..b, both included; it counts down
/// when b < a. Sequence{n} and Sequence{a, b} are the same with numbers known only at run time.
template <std::size_t... Bounds>
struct Sequence;

/// Layers 0 to Layers - 1.
template <std::size_t Layers>
struct Sequence<Layers> : StaticPlan<Layers> {
  constexpr Sequence() { plan_detail::append_first_layers(*this, Layers); }
};

/// Layers First to Last, both included; downwards where Last is less.
template <std::size_t First, std::size_t Last>
struct Sequence<First, Last> : StaticPlan<plan_detail::distance(First, Last) + 1> {
  constexpr Sequence() { plan_detail::append_calls(*this, First, Last); }
};

/// The same with numbers that are known at run time.
template <>
struct Sequence<> : Plan {
  /// Layers 0 to layers - 1.
  constexpr explicit Sequence(std::size_t layers) {
    plan_detail::append_first_layers(*this, layers);
  }
  /// Layers first to last, both included; downwards where last is less.
  constexpr Sequence(std::size_t first, std::size_t last) {
    plan_detail::append_calls(*this, first, last);
  }
};
Sequence(std::size_t)->Sequence<>;
Sequence(std::size_t, std::size_t)->Sequence<>;

/// One call of a layer or of a part of it: call(13), call(13, attention).
constexpr StaticPlan<1> call(std::size_t layer, Part part = whole) {
  const Node node = plan_detail::call_node(layer, part);
  return StaticPlan<1>(PlanView(&node, 1));
}

/// The given plans one after another.
template <PlanLike... Plans>
constexpr auto sequence(const Plans&... plans) {
  Plan out;
  (out.append(PlanView(plans)), ...);
  if constexpr ((StaticPlanLike<Plans> && ...))
    return StaticPlan<(Plans::capacity + ... + 0)>(out);
  else
    return out;
}

}  // namespace painters
