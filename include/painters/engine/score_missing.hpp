// Scoring through a store: what it has is not computed again, and what it lacks is added as soon as
// it is computed.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <painters/engine/score_store.hpp>
#include <painters/engine/scorer.hpp>

namespace painters::engine {

/// Gives the score of every pair for which is_wanted(plan, request): first those that the store
/// has, then the others as they are computed. New scores are saved about every second, at the end,
/// and when an exception ends the work. `store` must have the same plans and requests in the same
/// order.
template <class Model, class IsWanted>
void score_missing(const Scorer<Model>& scorer, ScoreStore& store, std::span<const Plan> plans,
                   std::span<const TokenRequest> requests, const IsWanted& is_wanted,
                   const OnScore& on_score, const OnProgress& on_progress = {}) {
  std::vector<std::vector<bool>> known(plans.size(), std::vector<bool>(requests.size()));
  store.for_each([&](std::size_t plan, std::size_t request, const Score& score) {
    if (!is_wanted(plan, request)) return;
    known[plan][request] = true;
    on_score(plan, request, score);
  });
  const std::vector<Batch> missing =
      batches(plans.size(), requests.size(), [&](std::size_t plan, std::size_t request) {
        return !known[plan][request] && is_wanted(plan, request);
      });
  if (missing.empty()) return;
  try {
    scorer.score(
        plans, requests, missing,
        [&](std::size_t plan, std::size_t request, const Score& score) {
          store.add(plan, request, score);
          on_score(plan, request, score);
        },
        [&](const SweepProgress& progress) {
          store.save_sometimes();
          if (on_progress) on_progress(progress);
        });
  } catch (...) {
    try {
      store.save();
    } catch (const Error&) {  // what ended the work says more
    }
    throw;
  }
  store.save();
}

}  // namespace painters::engine
