// std::hash of plans, so that they are keys: std::unordered_map<Plan, double>. Equal plans have
// equal hashes, whatever holds them. The numbers hold for one program, not for files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>  // declares the template hash at less than half the cost of <functional>

#include <painters/plan/plan.hpp>

namespace painters::plan_detail {

constexpr std::uint64_t mixed(std::uint64_t hash, std::uint64_t value) {
  hash = (hash ^ value) * 0x9e3779b97f4a7c15;
  return hash ^ hash >> 32;
}

/// Hashes nodes, one by one.
struct PlanHash {
  constexpr std::size_t operator()(PlanView plan) const noexcept {
    std::uint64_t hash = plan.size();
    for (std::size_t i = 0; i < plan.size(); ++i) {
      const Node& node = plan[i];
      const float weight = node.weight == 0 ? 0.0f : node.weight;  // -0 equals 0
      hash = mixed(hash, static_cast<std::uint64_t>(node.kind) << 8 | node.part);
      hash = mixed(hash, static_cast<std::uint64_t>(node.value) << 32 | node.size);
      hash = mixed(hash, __builtin_bit_cast(std::uint32_t, weight));
    }
    return static_cast<std::size_t>(hash);
  }
};

}  // namespace painters::plan_detail

namespace std {

template <>
struct hash<painters::Plan> : painters::plan_detail::PlanHash {};
template <>
struct hash<painters::PlanView> : painters::plan_detail::PlanHash {};
template <size_t Capacity>
struct hash<painters::StaticPlan<Capacity>> : painters::plan_detail::PlanHash {};

}  // namespace std
