// From scores to results of documents, and from those to a task's metrics.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <stdexcept>
#include <string_view>
#include <vector>

#include <painters/engine/request.hpp>
#include <painters/tasks/document.hpp>
#include <painters/tasks/metric.hpp>
#include <painters/tasks/task.hpp>

namespace painters::tasks {

/// A metric of a task over its documents.
struct Metric {
  std::string_view name;         // see MetricKind
  double value = 0;              // see the metrics of metric.hpp
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
  if (task.has(acc_norm)) {
    std::vector<double> per_character = result.loglikelihoods;
    for (std::size_t i = 0; i < per_character.size(); ++i)
      per_character[i] /= static_cast<double>(document.choice_lengths[i]);
    result.correct_norm = likeliest(per_character) == document.gold;
  }
  return result;
}

/// The metrics of the task over at least one result, in the order of its row.
inline std::vector<Metric> summarize(const Task& task, std::span<const DocumentResult> results) {
  if (results.empty()) throw std::logic_error("summarize: at least one result");
  std::vector<Metric> metrics;
  for (const MetricKind* kind : task.metrics) {
    if (!kind) break;
    const Measured measured = kind->measure(results);
    metrics.push_back(
        {kind->name, measured.value, measured.standard_error, kind->higher_is_better});
  }
  return metrics;
}

}  // namespace painters::tasks
