// What a plan does: its calls and steps in order, and how many there are; the layers that it names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

#include <painters/plan/plan.hpp>

namespace painters {

/// f(node) for every call that the plan makes, in the order of execution: loops unrolled, the
/// branches of a group one after another.
template <class F>
constexpr void for_each_call(PlanView plan, F&& f) {
  for (std::size_t i = 0; i < plan.size(); i = plan.next(i)) {
    if (plan[i].kind == NodeKind::call)
      f(plan[i]);
    else
      for (std::uint32_t t = plan[i].kind == NodeKind::repeat ? plan[i].value : 1; t > 0; --t)
        for_each_call(plan.below(i), f);
  }
}

/// f(step) for every step in the order of execution. A step is a call or a parallel group that is
/// in no other group, with loops unrolled; between steps the state can be looked at.
template <class F>
constexpr void for_each_step(PlanView plan, F&& f) {
  for (std::size_t i = 0; i < plan.size(); i = plan.next(i)) {
    if (plan[i].kind != NodeKind::repeat)
      f(plan.subtree(i));
    else
      for (std::uint32_t t = plan[i].value; t > 0; --t) for_each_step(plan.below(i), f);
  }
}

/// How many top-level elements there are; a group or a loop is one.
constexpr std::size_t elements(PlanView plan) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < plan.size(); i = plan.next(i)) ++count;
  return count;
}

/// The sum of cost(layer, part) over every call that for_each_call reports, without running through
/// loops, for a plan that validate accepts: the cost of the plan where each call has one.
template <class Cost>
constexpr std::invoke_result_t<const Cost&, std::uint32_t, Part> sum_over_calls(PlanView plan,
                                                                                const Cost& cost) {
  std::invoke_result_t<const Cost&, std::uint32_t, Part> sum{};
  for (std::size_t i = 0; i < plan.size(); i = plan.next(i)) {
    if (plan[i].kind == NodeKind::call)
      sum += cost(plan[i].value, plan[i].part);
    else if (plan[i].kind == NodeKind::repeat)
      sum += plan[i].value * sum_over_calls(plan.below(i), cost);
    else
      sum += sum_over_calls(plan.below(i), cost);
  }
  return sum;
}

/// How many calls for_each_call reports, for a plan that validate accepts.
constexpr std::uint64_t calls(PlanView plan) {
  return sum_over_calls(plan, [](std::uint32_t, Part) { return std::uint64_t{1}; });
}

/// How many steps for_each_step reports, for a plan that validate accepts.
constexpr std::uint64_t steps(PlanView plan) {
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < plan.size(); i = plan.next(i))
    count += plan[i].kind == NodeKind::repeat ? plan[i].value * steps(plan.below(i)) : 1;
  return count;
}

/// How many layers a model needs for this plan: the largest layer number + 1.
constexpr std::size_t layers_needed(PlanView plan) {
  std::size_t needed = 0;
  for (std::size_t i = 0; i < plan.size(); ++i)
    if (plan[i].kind == NodeKind::call && plan[i].value >= needed)
      needed = plan[i].value + std::size_t{1};
  return needed;
}

/// The layers that the plan calls, each once, in ascending order.
constexpr std::vector<std::uint32_t> distinct_layers(PlanView plan) {
  std::vector<char> called;
  for (std::size_t layer = layers_needed(plan); layer > 0; --layer) called.push_back(false);
  for (std::size_t i = 0; i < plan.size(); ++i)
    if (plan[i].kind == NodeKind::call) called[plan[i].value] = true;
  std::vector<std::uint32_t> layers;
  for (std::size_t layer = 0; layer < called.size(); ++layer)
    if (called[layer]) layers.push_back(static_cast<std::uint32_t>(layer));
  return layers;
}

}  // namespace painters
