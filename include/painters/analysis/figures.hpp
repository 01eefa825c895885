// The paper's figures 2, 4 to 9 and 11.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include <painters/analysis/figure.hpp>
#include <painters/analysis/harm.hpp>
#include <painters/analysis/study.hpp>
#include <painters/analysis/variant.hpp>

namespace painters::analysis {

namespace detail {

inline std::string number(double value) { return fmt::format("{:.6g}", value); }

inline std::string columns(const std::optional<Estimate>& estimate) {
  if (!estimate) return ",nan,nan,nan";
  const Interval interval = estimate->interval();
  return fmt::format(",{:.6g},{:.6g},{:.6g}", estimate->value(), interval.lower, interval.upper);
}

/// A vertical axis from `lowest` to `highest` that also shows 0 and 1, with a margin.
inline std::string range(double lowest, double highest) {
  return fmt::format("set yrange [{:.3g}:{:.3g}]\n", std::max(-1.0, std::min(-0.08, lowest - 0.05)),
                     std::min(2.0, std::max(1.12, highest + 0.05)));
}

inline std::string scale_lines() {
  return "set arrow from graph 0, first 1 to graph 1, first 1 nohead back linecolor '#8a94a0' "
         "dashtype 2\n"
         "set arrow from graph 0, first 0 to graph 1, first 0 nohead back linecolor '#8a94a0' "
         "dashtype 2\n"
         "set label 'full model' at graph 0.99, first 1 right offset 0,0.6 textcolor '#5b6773' "
         "font ',12'\n"
         "set label 'chance' at graph 0.01, first 0 left offset 0,0.6 textcolor '#5b6773' font "
         "',12'\n";
}

inline std::string window_axes(const Study& study) {
  const std::size_t layers = study.source().layers;
  return fmt::format(
      "set xlabel 'Affected layers (of {})'\nset ylabel 'Normalised score'\n"
      "set xrange [0:{}]\nset xtics 1,{}\n",
      layers, layers, layers > 40 ? 8 : 4);
}

/// Figures 4 to 9: a line for every task, and the median with its interval.
inline Figure curve_figure(const Study& study, const Curves& curves, Variant variant) {
  Figure figure{about(variant).figure, std::string(about(variant).title), "affected", "", 0};
  for (const DataSet& data : study.tasks()) figure.data += "," + data.task;
  figure.data += ",median,lower,upper\n";
  double lowest = 0, highest = 1;
  for (const Point& point : curves.of(variant)) {
    figure.data += std::to_string(point.affected);
    for (const auto& score : point.normalised) {
      figure.data += "," + (score ? number(score->value()) : "nan");
      if (score)
        lowest = std::min(lowest, score->value()), highest = std::max(highest, score->value());
    }
    figure.data += columns(point.median) + '\n';
    ++figure.points;
  }
  const std::size_t tasks = study.tasks().size();
  figure.plot = window_axes(study) + range(lowest, highest) + scale_lines() +
                fmt::format(
                    "plot data using 1:{}:{} with filledcurves fillcolor '{}' fillstyle "
                    "transparent solid 0.13 "
                    "noborder title '95 % interval', \\\n",
                    tasks + 3, tasks + 4, ink);
  for (std::size_t t = 0; t < tasks; ++t)
    if (study.has_scale(t))
      figure.plot += fmt::format(
          "     data using 1:{} with linespoints linewidth 1.6 pointsize 0.8 pointtype {} "
          "linecolor '{}' title {}, \\\n",
          t + 2, look(t).shape, look(t).colour, gnuplot_string(task_title(study.tasks()[t].task)));
  figure.plot +=
      fmt::format("     data using 1:{} with lines linewidth 4 linecolor '{}' title 'Median'\n",
                  tasks + 2, ink);
  return figure;
}

/// Figure 11: the medians of all variants, set side by side so that their intervals can be seen.
inline Figure overlay_figure(const Study& study, const Curves& curves) {
  Figure figure{11, "All variants: median over tasks", "affected", "", 0};
  for (Variant variant : window_variants)
    figure.data += fmt::format(",{0},{0}_lower,{0}_upper", about(variant).name());
  figure.data += '\n';
  double lowest = 0, highest = 1;
  std::vector<std::size_t> sizes;
  for (Variant variant : window_variants)
    for (const Point& point : curves.of(variant)) sizes.push_back(point.affected);
  std::sort(sizes.begin(), sizes.end());
  sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
  for (std::size_t affected : sizes) {
    figure.data += std::to_string(affected);
    for (Variant variant : window_variants) {
      const Point* point = curves.at(variant, affected);
      const std::optional<Estimate> median = point ? point->median : std::nullopt;
      figure.data += columns(median);
      if (median) {
        lowest = std::min(lowest, median->interval().lower);
        highest = std::max(highest, median->interval().upper);
      }
      figure.points += median ? 1 : 0;
    }
    figure.data += '\n';
  }
  figure.plot = window_axes(study) + range(lowest, highest) + scale_lines();
  for (std::size_t m = 0; m < window_variants.size(); ++m) {
    const std::size_t column = 3 * m + 2;
    const double centre = 0.5 * static_cast<double>(window_variants.size() - 1);
    const std::string x = fmt::format("($1{:+.2f})", 0.16 * (static_cast<double>(m) - centre));
    figure.plot += fmt::format(
        "{} data using {}:{}:{}:{} with yerrorbars linewidth 1 pointsize 0 linecolor '{}' notitle, "
        "\\\n",
        m == 0 ? "plot" : "    ", x, column, column + 1, column + 2, look(m).colour);
    figure.plot += fmt::format(
        "     data using {}:{} with linespoints linewidth 2.4 pointsize 0.9 pointtype {} "
        "linecolor '{}' title {}{}\n",
        x, column, look(m).shape, look(m).colour, gnuplot_string(about(window_variants[m]).title),
        m + 1 < window_variants.size() ? ", \\" : "");
  }
  return figure;
}

/// Figure 2: the accuracy without each layer, and with each layer and the next exchanged.
inline Figure layer_figure(const Study& study) {
  Figure figure{
      2, "One layer skipped or switched with the next: " + std::string(single_layer_task.title),
      "layer,skip,skip_lower,skip_upper,switch,switch_lower,switch_upper\n", "", 0};
  const auto t = study.task(single_layer_task.name);
  if (!t || !study.full(*t)) return figure;
  const auto skip = study.layers(Variant::skip_one, *t),
             swap = study.layers(Variant::switch_two, *t);
  for (std::size_t layer = 0; layer < study.source().layers; ++layer) {
    if (!skip.contains(layer) && !swap.contains(layer)) continue;
    figure.data += std::to_string(layer);
    for (const auto* scores : {&skip, &swap}) {
      const auto at = scores->find(layer);
      if (at == scores->end()) {
        figure.data += ",nan,nan,nan";
        continue;
      }
      const Interval interval = at->second->accuracy_interval;
      figure.data += fmt::format(",{:.6g},{:.6g},{:.6g}", at->second->accuracy.value(),
                                 interval.lower, interval.upper);
      ++figure.points;
    }
    figure.data += '\n';
  }
  const double full = study.full(*t)->accuracy.value();
  figure.plot = fmt::format(
      "set xlabel 'Layer'\nset ylabel 'Accuracy'\nset xrange [-0.8:{}.8]\nset xtics 0,{}\nset "
      "yrange [-0.02:1.02]\n"
      "set arrow from graph 0, first {:.6g} to graph 1, first {:.6g} nohead back linecolor "
      "'#8a94a0' dashtype 2\n"
      "set label 'full model' at graph 0.99, first {:.6g} right offset 0,0.6 textcolor '#5b6773' "
      "font ',12'\n",
      study.source().layers - 1, study.source().layers > 40 ? 8 : 4, full, full, full);
  constexpr std::string_view titles[] = {"Skip layer n", "Switch layers n and n+1"};
  for (std::size_t m = 0; m < 2; ++m)
    figure.plot += fmt::format(
        "{} data using 1:{}:{} with filledcurves fillcolor '{}' fillstyle transparent solid 0.14 "
        "noborder "
        "notitle, \\\n",
        m == 0 ? "plot" : "    ", 3 * m + 3, 3 * m + 4, look(m).colour);
  for (std::size_t m = 0; m < 2; ++m)
    figure.plot += fmt::format(
        "     data using 1:{} with linespoints linewidth 2.4 pointsize 0.9 pointtype {} "
        "linecolor '{}' title '{}'{}\n",
        3 * m + 2, look(m).shape, look(m).colour, titles[m], m == 0 ? ", \\" : "");
  return figure;
}

}  // namespace detail

/// The figures for which there is something to draw, in the order of the paper.
inline std::vector<Figure> figures(const Study& study, const Curves& curves) {
  std::vector<Figure> list{detail::layer_figure(study)};
  for (Variant variant : window_variants)
    list.push_back(detail::curve_figure(study, curves, variant));
  list.push_back(detail::overlay_figure(study, curves));
  std::erase_if(list, [](const Figure& figure) { return figure.points == 0; });
  return list;
}

}  // namespace painters::analysis
