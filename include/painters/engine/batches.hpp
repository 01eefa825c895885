// Groups requests by the plans that they are scored under, for runs in which plans differ from
// request to request.
#pragma once

#include <cstddef>
#include <map>
#include <utility>
#include <vector>

namespace painters::engine {

/// Each of these requests is scored under each of these plans.
struct Batch {
  std::vector<std::size_t> plans, requests;  // by their numbers, ascending
};

/// The pairs for which is_wanted(plan, request) is true, in as few batches as possible: one for
/// each distinct set of plans.
template <class IsWanted>
std::vector<Batch> batches(std::size_t plans, std::size_t requests, const IsWanted& is_wanted) {
  std::vector<Batch> all;
  std::map<std::vector<bool>, std::size_t> known;
  for (std::size_t request = 0; request < requests; ++request) {
    std::vector<bool> wanted(plans);
    bool any = false;
    for (std::size_t plan = 0; plan < plans; ++plan)
      if (is_wanted(plan, request)) any = wanted[plan] = true;
    if (!any) continue;
    const auto [at, is_new] = known.emplace(std::move(wanted), all.size());
    if (is_new) {
      all.emplace_back();
      for (std::size_t plan = 0; plan < plans; ++plan)
        if (at->first[plan]) all.back().plans.push_back(plan);
    }
    all[at->second].requests.push_back(request);
  }
  return all;
}

}  // namespace painters::engine
