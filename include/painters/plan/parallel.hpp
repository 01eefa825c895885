// What ParallelMean and ParallelSum share: every element becomes a branch of one group.
#pragma once

#include <cstddef>
#include <vector>

#include <painters/plan/build.hpp>

namespace painters::plan_detail {

constexpr void require_weights(std::size_t weights, std::size_t elements) {
  if (weights != elements)
    fail("a weighted group has one weight for each element, found {} weights and {} elements",
         {weights, elements});
}

constexpr std::size_t parallel_capacity(std::size_t nodes) { return 1 + 2 * nodes; }

/// Element k has weight weights[k].
constexpr Plan weighted(PlanView plan, NodeKind kind, const std::vector<float>& weights) {
  require_weights(weights.size(), element_starts(plan).size() - 1);
  Plan branches;
  std::size_t k = 0;
  for (std::size_t i = 0; i < plan.size(); i = plan.next(i))
    append_branch(branches, weights[k++], plan.subtree(i));
  Plan out;
  append_group(out, kind, branches);
  return out;
}

/// All weights are 1.
constexpr Plan parallel(PlanView plan, NodeKind kind) {
  std::vector<float> ones;
  for (std::size_t i = 0; i < plan.size(); i = plan.next(i)) ones.push_back(1.0f);
  return weighted(plan, kind, ones);
}

}  // namespace painters::plan_detail
