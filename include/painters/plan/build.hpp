// The few ways in which nodes are put together; everything that makes plans rests on them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

#include <painters/plan/plan.hpp>

namespace painters {

/// No plan makes more calls than this (loops unrolled), so that no plan runs forever.
inline constexpr std::uint64_t max_calls = 10'000'000;

/// A weight as a template argument, Damped<0.5>: not every compiler takes a bare float there.
struct Weight {
  float value;  // as given; validate says which are allowed

  /// From any number.
  template <class Number>
  requires std::is_arithmetic_v<Number>
  constexpr Weight(Number weight) : value(static_cast<float>(weight)) {}
};

namespace plan_detail {

constexpr std::uint32_t require_times(std::uint64_t times, std::size_t column = 0) {
  if (times < 1)
    fail("a loop runs its body at least once, found 0 times: leave elements out instead", {},
         column);
  if (times > max_calls)
    fail("a loop runs its body at most {} times, found {}", {max_calls, times}, column);
  return static_cast<std::uint32_t>(times);
}

constexpr void require_branches(std::size_t branches, std::size_t column = 0) {
  if (branches == 0)
    fail("a parallel group has at least one branch, found none: leave the group out", {}, column);
}

/// A body that runs once is the body itself: Loop<1> changes nothing.
constexpr void append_repeat(Plan& out, std::uint64_t times, PlanView body) {
  if (require_times(times) > 1)
    out.append(Node{.kind = NodeKind::repeat,
                    .value = static_cast<std::uint32_t>(times),
                    .size = static_cast<std::uint32_t>(1 + body.size())});
  out.append(body);
}

constexpr void append_branch(Plan& out, float weight, PlanView body) {
  out.append(Node{.kind = NodeKind::branch,
                  .size = static_cast<std::uint32_t>(1 + body.size()),
                  .weight = weight});
  out.append(body);
}

/// A parallel group of `branches`, a plan of branch nodes only.
constexpr void append_group(Plan& out, NodeKind kind, PlanView branches) {
  std::uint32_t count = 0;
  for (std::size_t i = 0; i < branches.size(); i = branches.next(i)) ++count;
  require_branches(count);
  out.append(
      Node{.kind = kind, .value = count, .size = static_cast<std::uint32_t>(1 + branches.size())});
  out.append(branches);
}

/// Where the top-level elements begin, and at the end the plan's size: element k is nodes
/// [starts[k], starts[k+1]).
constexpr std::vector<std::size_t> element_starts(PlanView plan) {
  std::vector<std::size_t> starts;
  std::size_t i = 0;
  for (; i < plan.size(); i = plan.next(i)) starts.push_back(i);
  starts.push_back(i);
  return starts;
}

/// 0, 1, ... count - 1.
constexpr std::vector<std::size_t> counted(std::size_t count) {
  std::vector<std::size_t> numbers;
  for (std::size_t k = 0; k < count; ++k) numbers.push_back(k);
  return numbers;
}

/// The elements of `plan` in another order: element order[k] comes k-th.
constexpr Plan reorder(PlanView plan, const std::vector<std::size_t>& order) {
  const std::vector<std::size_t> starts = element_starts(plan);
  Plan out;
  for (const std::size_t k : order) out.append(plan.subtree(starts[k]));
  return out;
}

}  // namespace plan_detail
}  // namespace painters
