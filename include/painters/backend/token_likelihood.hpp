// The log-probability of one token among a vocabulary that is visited slice by slice.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

namespace painters::backend {

/// Running log-softmax of one row of logits. `sum` is that of exp(logit - max), in double.
struct TokenLikelihood {
  std::int32_t target = 0;                                       // the token in question
  std::int32_t argmax = -1;                                      // the first of equals
  float max = -std::numeric_limits<float>::infinity();           // of all logits so far
  float target_logit = -std::numeric_limits<float>::infinity();  // known once its slice has come
  double sum = 0;                                                // of exp(logit - max) so far

  /// Takes in a slice of the vocabulary: its maximum, the index of that, and the sum of exp(logit -
  /// slice_max).
  void merge(float slice_max, std::int32_t slice_argmax, double slice_sum) {
    if (argmax < 0 || slice_max > max) {
      sum = sum * std::exp(static_cast<double>(max) - slice_max) + slice_sum;
      max = slice_max;
      argmax = slice_argmax;
    } else {
      sum += slice_sum * std::exp(static_cast<double>(slice_max) - max);
    }
  }

  /// log softmax(logits)[target], once all of the vocabulary has come.
  double log_probability() const { return static_cast<double>(target_logit) - max - std::log(sum); }
  /// False where logits were not finite, as they may be under plans that diverge.
  bool is_greedy() const { return argmax == target && !std::isnan(log_probability()); }
};

}  // namespace painters::backend
