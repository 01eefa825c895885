// Every number of a study as files: summary.csv and summary.json, documents.csv.
#pragma once

#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <painters/analysis/findings.hpp>
#include <painters/analysis/harm.hpp>
#include <painters/analysis/study.hpp>
#include <painters/analysis/variant.hpp>
#include <painters/engine/score_store.hpp>
#include <painters/tasks/metric.hpp>
#include <painters/tasks/tasks.hpp>

namespace painters::analysis {

namespace detail {

/// A field of CSV, quoted as RFC 4180 says.
inline std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

/// Three columns, a value and its interval; empty where there is none.
inline std::string csv_estimate(const std::optional<Estimate>& estimate) {
  if (!estimate) return ",,";
  const Interval interval = estimate->interval();
  return fmt::format("{:.6g},{:.6g},{:.6g}", estimate->value(), interval.lower, interval.upper);
}

inline nlohmann::ordered_json json_estimate(const std::optional<Estimate>& estimate) {
  if (!estimate) return nullptr;
  const Interval interval = estimate->interval();
  return {{"value", estimate->value()}, {"lower", interval.lower}, {"upper", interval.upper}};
}

/// exp(-mean log-likelihood), for tasks with that metric.
inline std::optional<Estimate> perplexity(std::string_view task, const PlanScore& score) {
  const tasks::Task* known = tasks::find_task(task);
  if (!known || !known->has(tasks::perplexity)) return std::nullopt;
  std::vector<Estimate> one{score.loglikelihood};
  return combine(one, [](const std::vector<double>& x) { return std::exp(-x.front()); });
}

/// Calls f(experiment, task index, score) for all that is done, in the order of the experiments.
template <class F>
void for_each_score(const Study& study, F f) {
  for (const Experiment& experiment : study.experiments())
    for (std::size_t t = 0; t < study.tasks().size(); ++t)
      if (runs_on(experiment.variant, study.tasks()[t].task))
        if (const PlanScore* score = study.find(experiment, t)) f(experiment, t, *score);
}

}  // namespace detail

/// A line for each experiment and task: the scores with their 95 % intervals (_lower, _upper).
/// The columns of metrics that a task lacks are empty.
inline std::string summary_csv(const Study& study) {
  std::string csv =
      "method,start_layer,affected_layers,seed,plan,task,documents,"
      "acc,acc_lower,acc_upper,acc_norm,acc_norm_lower,acc_norm_upper,"
      "loglikelihood,loglikelihood_lower,loglikelihood_upper,perplexity,perplexity_lower,"
      "perplexity_upper,"
      "normalised,normalised_lower,normalised_upper\n";
  detail::for_each_score(study, [&](const Experiment& experiment, std::size_t t,
                                    const PlanScore& score) {
    const std::string& task = study.tasks()[t].task;
    csv += fmt::format("{},{},{},{},{},{},{},", about(experiment.variant).name(), experiment.start,
                       experiment.affected,
                       about(experiment.variant).has_seeds() ? std::to_string(experiment.seed) : "",
                       detail::csv_field(experiment.plan), task, score.documents);
    csv += fmt::format("{:.6g},{:.6g},{:.6g},{},{},{},{}\n", score.accuracy.value(),
                       score.accuracy_interval.lower, score.accuracy_interval.upper,
                       detail::csv_estimate(score.accuracy_norm),
                       detail::csv_estimate(score.loglikelihood),
                       detail::csv_estimate(detail::perplexity(task, score)),
                       detail::csv_estimate(score.normalised));
  });
  return csv;
}

/// A line for each experiment, task and document.
inline std::string documents_csv(const Study& study, const std::vector<Record>& records) {
  std::string csv = "plan,task,document,correct,correct_norm,loglikelihood\n";
  for (const Record& record : records) {
    const auto t = study.task(record.data.task);
    if (!t || !comparable(record.source, study.source()) ||
        !comparable(record.data, study.tasks()[*t]))
      continue;
    const Outcomes& outcomes = record.outcomes;
    const std::string plan = detail::csv_field(record.plan);
    for (std::size_t i = 0; i < outcomes.index.size(); ++i)
      csv += fmt::format(
          "{},{},{},{},{},{:.6f}\n", plan, record.data.task, outcomes.index[i], outcomes.correct[i],
          outcomes.correct_norm.empty() ? "" : fmt::format("{}", outcomes.correct_norm[i]),
          outcomes.loglikelihood[i]);
  }
  return csv;
}

/// All that is known about the study, except single documents: source, data, scores, curves, order
/// of harm, findings.
inline std::string summary_json(const Study& study, const Curves& curves,
                                const std::vector<Finding>& findings) {
  using Json = nlohmann::ordered_json;
  const Source& source = study.source();
  Json json{{"protocol", engine::scoring_protocol},
            {"model", source.model},
            {"model_fingerprint", source.fingerprint},
            {"layers", source.layers},
            {"precision", source.precision},
            {"backend", source.backend},
            {"threads", source.threads},
            {"version", source.version},
            {"confidence", confidence},
            {"experiments", study.experiments().size()},
            {"experiments_done", study.done()}};
  for (const DataSet& data : study.tasks())
    json["tasks"].push_back({{"task", data.task},
                             {"data", data.file},
                             {"data_fingerprint", data.fingerprint},
                             {"documents", data.documents},
                             {"chance", data.chance}});
  detail::for_each_score(
      study, [&](const Experiment& experiment, std::size_t t, const PlanScore& score) {
        const std::string& task = study.tasks()[t].task;
        Json row{
            {"method", about(experiment.variant).name()},
            {"start_layer", experiment.start},
            {"affected_layers", experiment.affected},
            {"seed", about(experiment.variant).has_seeds() ? Json(experiment.seed) : Json(nullptr)},
            {"plan", experiment.plan},
            {"task", task},
            {"documents", score.documents}};
        row["acc"] = {{"value", score.accuracy.value()},
                      {"lower", score.accuracy_interval.lower},
                      {"upper", score.accuracy_interval.upper}};
        row["acc_norm"] = detail::json_estimate(score.accuracy_norm);
        row["loglikelihood"] = detail::json_estimate(score.loglikelihood);
        row["perplexity"] = detail::json_estimate(detail::perplexity(task, score));
        row["normalised"] = detail::json_estimate(score.normalised);
        json["scores"].push_back(std::move(row));
      });
  for (Variant variant : window_variants)
    for (const Point& point : curves.of(variant)) {
      Json row{{"method", about(variant).name()},
               {"affected_layers", point.affected},
               {"seeds", point.seeds}};
      row["median"] = detail::json_estimate(point.median);
      for (std::size_t t = 0; t < study.tasks().size(); ++t)
        row[study.tasks()[t].task] = detail::json_estimate(point.normalised[t]);
      json["curves"].push_back(std::move(row));
    }
  for (const Harm& harm : curves.order_of_harm())
    json["order_of_harm"].push_back({{"method", about(harm.variant).name()},
                                     {"mean_median", detail::json_estimate(harm.score)}});
  for (const Finding& finding : findings)
    json["findings"].push_back({{"claim", finding.claim},
                                {"verdict", text_of(finding.verdict)},
                                {"numbers", finding.numbers},
                                {"difference", detail::json_estimate(finding.difference)}});
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace painters::analysis
