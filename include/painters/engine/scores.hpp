// The scores of every request under every plan, and the callback that takes them as they are made.
#pragma once

#include <cstddef>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include <painters/engine/request.hpp>
#include <painters/error.hpp>

namespace painters::engine {

/// Called with every score as soon as it is known.
using OnScore = std::function<void(std::size_t plan, std::size_t request, const Score& score)>;

/// scores(plan, request), each by its number among those that were asked for. All of these throw
/// UsageError for a number that was not asked for.
class Scores {
 public:
  Scores() = default;
  /// Scores of 0 for so many plans and requests.
  Scores(std::size_t plans, std::size_t requests)
      : plans_(plans), requests_(requests), all_(product(plans, requests)) {}

  /// How many plans.
  std::size_t plans() const { return plans_; }
  /// How many requests.
  std::size_t requests() const { return requests_; }

  /// The score of a request under a plan.
  Score& operator()(std::size_t plan, std::size_t request) { return all_[place(plan, request)]; }
  /// The score of a request under a plan.
  const Score& operator()(std::size_t plan, std::size_t request) const {
    return all_[place(plan, request)];
  }
  /// The scores under a plan, in the order of the requests.
  std::span<const Score> of_plan(std::size_t plan) const {
    require("plan", plan, plans_);
    return std::span(all_).subspan(plan * requests_, requests_);
  }

 private:
  static std::size_t product(std::size_t plans, std::size_t requests) {
    if (requests != 0 && plans > std::numeric_limits<std::size_t>::max() / requests)
      throw UsageError("expected scores that memory can hold, found " + std::to_string(plans) +
                       " plans and " + std::to_string(requests) + " requests: ask for fewer");
    return plans * requests;
  }
  static void require(const char* what, std::size_t number, std::size_t count) {
    if (number < count) return;
    throw UsageError("expected a " + std::string(what) + " among the " + std::to_string(count) +
                     " that were asked for, found number " + std::to_string(number) +
                     ": count from 0, plans first and requests second");
  }
  std::size_t place(std::size_t plan, std::size_t request) const {
    require("plan", plan, plans_);
    require("request", request, requests_);
    return plan * requests_ + request;
  }

  std::size_t plans_ = 0, requests_ = 0;
  std::vector<Score> all_;  // by plan, then request
};

}  // namespace painters::engine
