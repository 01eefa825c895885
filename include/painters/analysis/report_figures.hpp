// The figures of the report, with what the paper found and what is seen here.
#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <painters/analysis/figures.hpp>
#include <painters/analysis/findings.hpp>
#include <painters/analysis/harm.hpp>
#include <painters/analysis/html.hpp>
#include <painters/analysis/study.hpp>
#include <painters/analysis/variant.hpp>

namespace painters::analysis::detail {

/// What the curve of this model shows, in words.
inline std::string seen(const Study& study, const Curves& curves, Variant variant) {
  std::vector<const Point*> points;
  for (const Point& point : curves.of(variant))
    if (point.median) points.push_back(&point);
  if (points.empty()) return "Here: not complete yet.";
  std::string text = fmt::format("Here: the median is {} with {} affected layer{} and {} with {}",
                                 text_of(*points.front()->median), points.front()->affected,
                                 points.front()->affected == 1 ? "" : "s",
                                 text_of(*points.back()->median), points.back()->affected);
  const auto half = std::find_if(points.begin(), points.end(),
                                 [](const Point* p) { return p->median->value() < 0.5; });
  text += half == points.end()
              ? "; it stays above one half"
              : fmt::format("; it is below one half from {} layers on", (*half)->affected);
  std::string low, high;
  double lowest = 0, highest = 0;
  for (std::size_t t = 0; t < study.tasks().size(); ++t) {
    if (!study.has_scale(t)) continue;
    double sum = 0;
    for (const Point* point : points) sum += point->normalised[t]->value();
    if (low.empty() || sum < lowest) low = task_title(study.tasks()[t].task), lowest = sum;
    if (high.empty() || sum > highest) high = task_title(study.tasks()[t].task), highest = sum;
  }
  return text + (low != high ? ". " + low + " falls most, " + high + " least." : ".");
}

inline std::string caption(const Study& study, const Curves& curves, int number) {
  if (number == 2)
    return "In the paper: one layer in the middle can be left out or change places with its "
           "neighbour at little cost; "
           "the first few and the last cannot. The bands are 95 % intervals.";
  if (number == 11)
    return fmt::format(
        "In the paper, from the worst to the mildest: {}. Points are set side by side so that "
        "their "
        "95 % intervals can be seen.",
        paper_order_of_harm);
  for (Variant variant : window_variants)
    if (about(variant).figure == number)
      return fmt::format("The layers of the window are {}. In the paper: {} {}",
                         about(variant).does, lower_case(about(variant).finding),
                         seen(study, curves, variant));
  return "";
}

inline std::string figure_section(const Study& study, const Curves& curves,
                                  const std::vector<Figure>& figures,
                                  const std::filesystem::path& folder, bool drawn) {
  std::string html = "<h2>Figures</h2>\n";
  if (!drawn)
    html +=
        "<p class=note>gnuplot is not installed, so there are no pictures. Their data and scripts "
        "are in the folder "
        "<code>figures</code>; after installing gnuplot the command at the end of this page draws "
        "them.</p>\n";
  for (const Figure& figure : figures) {
    const std::string svg =
        drawn ? inline_svg(folder / (figure.name() + ".svg"), figure.title) : "";
    if (svg.empty()) continue;
    html += fmt::format(
        "<figure id={}><div class=scroll>{}</div><figcaption>{}</figcaption></figure>\n",
        figure.name(), svg, escape_html(caption(study, curves, figure.number)));
  }
  return html;
}

}  // namespace painters::analysis::detail
