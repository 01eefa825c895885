// The columns of a row of logits that a model finds likeliest.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <span>
#include <vector>

namespace painters::engine {

/// The numbers of the `count` largest logits, the largest first, equal ones by number; of all if
/// there are fewer. NaN, which a plan that diverges makes, comes last.
inline std::vector<std::size_t> top_logits(std::span<const float> logits, std::size_t count) {
  const auto logit = [&](std::size_t id) {
    return std::isnan(logits[id]) ? -std::numeric_limits<float>::infinity() : logits[id];
  };
  std::vector<std::size_t> ids(logits.size());
  std::iota(ids.begin(), ids.end(), std::size_t{0});
  count = std::min(count, ids.size());
  std::partial_sort(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(count), ids.end(),
                    [&](std::size_t a, std::size_t b) {
                      return logit(a) != logit(b) ? logit(a) > logit(b) : a < b;
                    });
  ids.resize(count);
  return ids;
}

/// The logarithm of the sum of their exponentials, in double: a logit minus this is the
/// log-probability of its column. Minus infinity for none.
inline double log_sum_exp(std::span<const float> logits) {
  double largest = -std::numeric_limits<double>::infinity();
  for (const float logit : logits) largest = std::max(largest, static_cast<double>(logit));
  if (std::isinf(largest)) return largest;  // a sum of nothing, or beyond all others
  double sum = 0;
  for (const float logit : logits) sum += std::exp(logit - largest);
  return largest + std::log(sum);
}

}  // namespace painters::engine
