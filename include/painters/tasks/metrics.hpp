// From scores to results of documents, and from those to the metrics of lm-evaluation-harness.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <stdexcept>
#include <string_view>
#include <vector>

#include <painters/engine/request.hpp>
#include <painters/tasks/document.hpp>
#include <painters/tasks/task.hpp>

namespace painters::tasks {

/// A number of a task over its documents.
struct Metric {
  std::string_view name;         // as lm-evaluation-harness calls it: acc, acc_norm, perplexity
  double value = 0;              // a mean; of perplexity exp of the negative mean
  double standard_error = 0;     // NaN for a single document
  bool higher_is_better = true;  // not so for perplexity
};

/// `scores` are those of the document's requests, in their order.
inline DocumentResult judge(const Task& task, const Document& document,
                            std::span<const engine::Score> scores) {
  if (scores.size() != document.requests.size())
    throw std::logic_error("judge: one score for each request of the document");
  DocumentResult result;
  result.index = document.index;
  result.gold = document.gold;
  for (const engine::Score& score : scores) result.loglikelihoods.push_back(score.loglikelihood);
  const auto likeliest = [](const std::vector<double>& values) {
    return static_cast<std::size_t>(std::max_element(values.begin(), values.end()) -
                                    values.begin());
  };
  result.loglikelihood = result.loglikelihoods[document.gold];
  result.prediction = likeliest(result.loglikelihoods);
  result.correct = scores.size() == 1 ? scores[0].is_greedy : result.prediction == document.gold;
  if (task.acc_norm) {
    std::vector<double> per_character = result.loglikelihoods;
    for (std::size_t i = 0; i < per_character.size(); ++i)
      per_character[i] /= static_cast<double>(document.choice_lengths[i]);
    result.correct_norm = likeliest(per_character) == document.gold;
  }
  return result;
}

namespace detail {

/// The mean of f over the results, with sample standard deviation / sqrt(n).
template <class F>
Metric mean_metric(std::string_view name, std::span<const DocumentResult> results, F&& f) {
  const auto n = static_cast<double>(results.size());
  double mean = 0;
  for (const DocumentResult& result : results) mean += f(result) / n;
  double squares = 0;
  for (const DocumentResult& result : results) squares += (f(result) - mean) * (f(result) - mean);
  const double error =
      n > 1 ? std::sqrt(squares / (n - 1) / n) : std::numeric_limits<double>::quiet_NaN();
  return {.name = name, .value = mean, .standard_error = error};
}

}  // namespace detail

/// The metrics of at least one result: accuracies with the standard error of a mean; perplexity,
/// exp(-mean log-likelihood of the documents), with exp's slope times that of the mean (the harness
/// resamples 100 times instead, which estimates the same).
inline std::vector<Metric> summarize(const Task& task, std::span<const DocumentResult> results) {
  if (results.empty()) throw std::logic_error("summarize: at least one result");
  std::vector<Metric> metrics;
  if (task.perplexity) {
    Metric metric = detail::mean_metric("perplexity", results,
                                        [](const DocumentResult& r) { return r.loglikelihood; });
    metric.value = std::exp(-metric.value);
    metric.standard_error *= metric.value;
    metric.higher_is_better = false;
    metrics.push_back(metric);
  }
  metrics.push_back(detail::mean_metric(
      "acc", results, [](const DocumentResult& r) { return r.correct ? 1.0 : 0.0; }));
  if (task.acc_norm)
    metrics.push_back(detail::mean_metric("acc_norm", results, [](const DocumentResult& r) {
      return r.correct_norm.value() ? 1.0 : 0.0;
    }));
  return metrics;
}

}  // namespace painters::tasks
