// The scores of every request under every plan, and the callback that takes them as they are made.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include <painters/engine/request.hpp>

namespace painters::engine {

/// Called with every score as soon as it is known.
using OnScore = std::function<void(std::size_t plan, std::size_t request, const Score& score)>;

/// scores(plan, request), each by its number among those that were asked for.
class Scores {
 public:
  Scores() = default;
  /// Scores of 0 for so many plans and requests.
  Scores(std::size_t plans, std::size_t requests)
      : plans_(plans), requests_(requests), all_(plans * requests) {}

  /// How many plans.
  std::size_t plans() const { return plans_; }
  /// How many requests.
  std::size_t requests() const { return requests_; }

  /// The score of a request under a plan.
  Score& operator()(std::size_t plan, std::size_t request) {
    return all_[plan * requests_ + request];
  }
  /// The score of a request under a plan.
  const Score& operator()(std::size_t plan, std::size_t request) const {
    return all_[plan * requests_ + request];
  }
  /// The scores under a plan, in the order of the requests.
  std::span<const Score> of_plan(std::size_t plan) const {
    return std::span(all_).subspan(plan * requests_, requests_);
  }

 private:
  std::size_t plans_ = 0, requests_ = 0;
  std::vector<Score> all_;  // by plan, then request
};

}  // namespace painters::engine
