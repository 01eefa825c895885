// The top of the report: what was run, the order of harm and the findings.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include <painters/analysis/findings.hpp>
#include <painters/analysis/harm.hpp>
#include <painters/analysis/html.hpp>
#include <painters/analysis/report_tables.hpp>
#include <painters/analysis/report_text.hpp>
#include <painters/analysis/study.hpp>
#include <painters/analysis/variant.hpp>
#include <painters/joined.hpp>

namespace painters::analysis {

namespace detail {

inline std::string_view css_class(Verdict verdict) {
  switch (verdict) {
    case Verdict::agrees:
      return "agrees";
    case Verdict::differs:
      return "differs";
    case Verdict::undecided:
      return "undecided";
    case Verdict::not_judged:
      return "not_judged";
  }
  return "";
}

inline std::string facts(const Study& study, const ReportText& text) {
  const Source& source = study.source();
  std::string data;
  for (const DataSet& set : study.tasks())
    data += fmt::format("{}{} ({} documents)", data.empty() ? "" : ", ", task_title(set.task),
                        set.documents);
  return fmt::format(
      "<dl class=facts><dt>Model<dd>{}, {} "
      "layers<dt>Precision<dd>{}<dt>Tasks<dd>{}<dt>Data<dd>{}<dt>Experiments<dd>{} of {} done"
      "<dt>Computed in<dd>{:.0f} minutes with {} threads, {} backend<dt>Program<dd>painters "
      "{}</dl>\n",
      escape_html(source.model), source.layers, escape_html(source.precision), escape_html(data),
      escape_html(text.data), study.done(), study.experiments().size(), text.seconds / 60,
      source.threads, escape_html(source.backend), escape_html(source.version));
}

/// The bars: how much of the full model each variant leaves.
inline std::string harm_chart(const std::vector<Harm>& order) {
  const auto percent = [](double x) { return 100 * std::clamp(x, 0.0, 1.0); };
  std::string html = "<div class=harm>\n";
  for (const Harm& harm : order) {
    const Interval interval = harm.score.interval();
    html += fmt::format(
        "<div><span class=name>{}</span><span class=track><i style=\"width:{:.1f}%\"></i><b "
        "style=\"left:{:.1f}%;width:{:.1f}%\"></b></span>"
        "<span class=value>{}</span></div>\n",
        about(harm.variant).title, percent(harm.score.value()), percent(interval.lower),
        percent(interval.upper) - percent(interval.lower), html_estimate(harm.score));
  }
  return html + "</div>\n";
}

/// A sentence on neighbours in the order of harm whose difference may be luck; empty if there are
/// none.
inline std::string not_told_apart(const std::vector<Harm>& order) {
  std::string pairs;
  for (std::size_t i = 0; i + 1 < order.size(); ++i)
    if ((order[i + 1].score - order[i].score).interval().lower <= 0)
      pairs += fmt::format("{}{} and {}", pairs.empty() ? "" : "; ",
                           lower_case(about(order[i].variant).title),
                           lower_case(about(order[i + 1].variant).title));
  return pairs.empty() ? "" : "Neighbours that these documents do not tell apart: " + pairs + ".";
}

inline std::string answer(const Curves& curves, const std::vector<Finding>& findings) {
  const std::vector<Harm> order = curves.order_of_harm();
  const auto count = [&](Verdict verdict) {
    return std::count_if(findings.begin(), findings.end(),
                         [&](const Finding& f) { return f.verdict == verdict; });
  };
  std::string html = "<h2>What was found</h2>\n";
  if (order.empty()) {
    html +=
        "<p class=answer>There is no order of harm yet: it needs a window of at least five layers "
        "on which every "
        "variant has been run.</p>\n";
  } else {
    const std::string names = joined(
        order, " and ", [](const Harm& harm) { return lower_case(about(harm.variant).title); });
    html += fmt::format(
        "<p class=answer><strong>The order of harm on this model is</strong>, from the worst to "
        "the mildest: {}. {}</p>\n"
        "<p>The paper's order on Llama-2-7B is {}. The bars show how much of the full model is "
        "left (0 is chance, 1 "
        "the full model): the median over the tasks, averaged over the windows of {} to {} layers, "
        "with its 95 % interval.</p>\n{}",
        names, not_told_apart(order), paper_order_of_harm, curves.compared().front(),
        curves.compared().back(), harm_chart(order));
  }
  html += fmt::format(
      "<h2>The paper's findings, one by one</h2>\n<p>Of {} findings {} agree, {} differ, for {} "
      "there are not enough documents to tell",
      findings.size(), count(Verdict::agrees), count(Verdict::differs), count(Verdict::undecided));
  html += count(Verdict::not_judged) > 0
              ? fmt::format(", {} are not judged.</p>\n", count(Verdict::not_judged))
              : ".</p>\n";
  html += "<ol class=findings>\n";
  for (const Finding& finding : findings)
    html += fmt::format(
        "<li><span class=\"verdict {}\">{}</span><span>{}</span><small>{}</small></li>\n",
        css_class(finding.verdict), text_of(finding.verdict), escape_html(finding.claim),
        escape_html(finding.numbers));
  return html + "</ol>\n";
}

}  // namespace detail
}  // namespace painters::analysis
