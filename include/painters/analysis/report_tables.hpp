// The tables of the report: raw and normalised scores, with their intervals.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include <painters/analysis/findings.hpp>
#include <painters/analysis/harm.hpp>
#include <painters/analysis/html.hpp>
#include <painters/analysis/study.hpp>
#include <painters/analysis/tables.hpp>
#include <painters/analysis/variant.hpp>

namespace painters::analysis::detail {

/// "0.52 0.40 to 0.63" with the interval set back.
inline std::string html_estimate(double value, Interval interval, int digits = 2) {
  const auto plain = [digits](double x) {  // a true minus sign, and none before a zero
    const std::string text = fmt::format("{:.{}f}", std::abs(x), digits);
    return x < 0 && text.find_first_not_of("0.") != std::string::npos ? "−" + text : text;
  };
  return fmt::format("{}<span class=range>{} to {}</span>", plain(value), plain(interval.lower),
                     plain(interval.upper));
}

inline std::string html_estimate(const std::optional<Estimate>& estimate, int digits = 2) {
  return estimate ? html_estimate(estimate->value(), estimate->interval(), digits) : "–";
}

/// A table of numbers; a narrow one has its intervals below the values.
inline std::string table(std::string_view caption, std::string_view head, std::string_view body,
                         bool narrow = false) {
  return fmt::format(
      "<div class=scroll><table class=\"numbers{}\"><caption>{}</caption><thead><tr>{}</tr></thead>"
      "<tbody>\n{}</tbody></table></div>\n",
      narrow ? " narrow" : "", caption, head, body);
}

/// The full model on every task.
inline std::string full_model_table(const Study& study) {
  std::string body;
  for (std::size_t t = 0; t < study.tasks().size(); ++t) {
    const DataSet& data = study.tasks()[t];
    body += fmt::format("<tr><td>{}</td><td>{}</td><td>{:.2f}</td>",
                        escape_html(task_title(data.task)), data.documents, data.chance);
    if (const PlanScore* score = study.full(t)) {
      body += fmt::format("<td>{}</td><td>{}</td><td>{}</td>",
                          html_estimate(score->accuracy.value(), score->accuracy_interval),
                          html_estimate(score->accuracy_norm),
                          html_estimate(perplexity(data.task, *score), 1));
    } else {
      body += "<td colspan=3>not run yet</td>";
    }
    body += "</tr>\n";
  }
  return table(
      "The full model, before anything is changed.",
      "<th>Task<th>Documents<th>Chance<th>Accuracy<th>Accuracy per character<th>Perplexity", body);
}

/// Figure 11 as a table: the medians of all variants, by window.
inline std::string median_table(const Curves& curves) {
  std::string head = "<th>Layers";
  std::map<std::size_t, std::map<Variant, std::string>> rows;
  for (Variant variant : window_variants) {
    head += fmt::format("<th>{}", about(variant).title);
    for (const Point& point : curves.of(variant))
      if (point.median) rows[point.affected][variant] = html_estimate(point.median);
  }
  std::string body;
  for (auto& [affected, cells] : rows) {
    body += fmt::format("<tr><td>{}</td>", affected);
    for (Variant variant : window_variants)
      body += "<td>" + (cells.contains(variant) ? cells[variant] : "–") + "</td>";
    body += "</tr>\n";
  }
  return rows.empty()
             ? ""
             : table("Median over the tasks of the normalised score, by number of affected layers.",
                     head, body, true);
}

/// One variant: normalised scores of every task and their median, by window.
inline std::string normalised_table(const Study& study, const Curves& curves, Variant variant) {
  std::string head = "<th>Layers";
  for (const DataSet& data : study.tasks()) head += "<th>" + escape_html(task_title(data.task));
  std::string body;
  for (const Point& point : curves.of(variant)) {
    body += fmt::format("<tr><td>{}</td>", point.affected);
    for (const auto& score : point.normalised) body += "<td>" + html_estimate(score) + "</td>";
    body += "<td>" + html_estimate(point.median) + "</td></tr>\n";
  }
  return table("Normalised score by number of affected layers.", head + "<th>Median", body);
}

/// One variant: raw accuracies, one row for each plan.
inline std::string raw_table(const Study& study, Variant variant) {
  const bool single = !about(variant).changes_window();
  std::string head = single ? "<th>Layer" : "<th>Layers";
  if (about(variant).has_seeds()) head += "<th>Seed";
  for (const DataSet& data : study.tasks())
    if (runs_on(variant, data.task)) head += "<th>" + escape_html(task_title(data.task));
  std::map<std::pair<std::size_t, std::uint64_t>, std::string> rows;
  for (const Experiment& experiment : study.experiments()) {
    if (experiment.variant != variant) continue;
    const std::size_t key = single ? experiment.start : experiment.affected;
    std::string cells = fmt::format("<tr><td>{}</td>", key);
    if (about(variant).has_seeds()) cells += fmt::format("<td>{}</td>", experiment.seed);
    bool any = false;
    for (std::size_t t = 0; t < study.tasks().size(); ++t) {
      if (!runs_on(variant, study.tasks()[t].task)) continue;
      const PlanScore* score = study.find(experiment, t);
      any = any || score;
      cells += "<td>" +
               (score ? html_estimate(score->accuracy.value(), score->accuracy_interval) : "–") +
               "</td>";
    }
    if (any)
      rows[{key, experiment.seed}] =
          cells +
          fmt::format("<td class=plan><code>{}</code></td></tr>\n", escape_html(experiment.plan));
  }
  std::string body;
  for (const auto& [key, cells] : rows) body += cells;
  return table(single ? "Accuracy by layer." : "Accuracy by number of affected layers.",
               head + "<th class=plan>Plan", body);
}

/// All tables of a variant, folded; empty if nothing is done.
inline std::string variant_tables(const Study& study, const Curves& curves, Variant variant) {
  bool any = false;
  for_each_score(study, [&](const Experiment& experiment, std::size_t, const PlanScore&) {
    any = any || experiment.variant == variant;
  });
  if (!any) return "";
  return fmt::format(
      "<details><summary>{}</summary>\n{}{}</details>\n", about(variant).title,
      about(variant).changes_window() ? normalised_table(study, curves, variant) : "",
      raw_table(study, variant));
}

}  // namespace painters::analysis::detail
