// The metrics of tasks, as lm-evaluation-harness defines them: each is a constant that tasks name.
#pragma once

#include <cmath>
#include <limits>
#include <span>
#include <string_view>

#include <painters/tasks/document.hpp>

namespace painters::tasks {

/// A number with its standard error, NaN for a single document.
struct Measured {
  double value = 0;           // of the metric
  double standard_error = 0;  // of the value
};

/// How the results of at least one document become a number.
struct MetricKind {
  std::string_view name;  // as lm-evaluation-harness calls it
  bool higher_is_better;  // or lower
  /// The value of these results.
  Measured (*measure)(std::span<const DocumentResult> results);
};

namespace detail {

/// The mean of f over the results; its error is the sample standard deviation / sqrt(n).
template <class F>
Measured mean_over(std::span<const DocumentResult> results, F f) {
  const auto n = static_cast<double>(results.size());
  double mean = 0;
  for (const DocumentResult& result : results) mean += f(result) / n;
  double squares = 0;
  for (const DocumentResult& result : results) squares += (f(result) - mean) * (f(result) - mean);
  const double error =
      n > 1 ? std::sqrt(squares / (n - 1) / n) : std::numeric_limits<double>::quiet_NaN();
  return {mean, error};
}

inline Measured accuracy(std::span<const DocumentResult> results) {
  return mean_over(results, [](const DocumentResult& r) { return r.correct ? 1.0 : 0.0; });
}

inline Measured accuracy_per_character(std::span<const DocumentResult> results) {
  return mean_over(results,
                   [](const DocumentResult& r) { return r.correct_norm.value() ? 1.0 : 0.0; });
}

/// The error is that of the mean times the slope of exp; the harness resamples 100 times instead,
/// which estimates the same.
inline Measured perplexity_of_targets(std::span<const DocumentResult> results) {
  const Measured mean = mean_over(results, [](const DocumentResult& r) { return r.loglikelihood; });
  const double value = std::exp(-mean.value);
  return {value, mean.standard_error * value};
}

}  // namespace detail

/// The share of documents that are answered right.
inline constexpr MetricKind acc{"acc", true, detail::accuracy};

/// The same where the choice with the highest log-likelihood per character counts.
inline constexpr MetricKind acc_norm{"acc_norm", true, detail::accuracy_per_character};

/// exp of the mean negative log-likelihood of the targets.
inline constexpr MetricKind perplexity{"perplexity", false, detail::perplexity_of_targets};

}  // namespace painters::tasks
