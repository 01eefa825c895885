// A figure as data and a gnuplot script, and how it becomes an SVG and a PNG.
#pragma once

#include <cstddef>
#include <filesystem>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include <painters/analysis/gnuplot.hpp>
#include <painters/atomic_file.hpp>

namespace painters::analysis {

/// One of the paper's figures.
struct Figure {
  int number;              // the paper's
  std::string title;       // for people
  std::string data;        // CSV; nan where there is nothing yet
  std::string plot;        // the commands with which gnuplot draws the data
  std::size_t points = 0;  // a figure without points is not drawn

  /// The name of its files, without the extension.
  std::string name() const { return fmt::format("figure_{}", number); }
};

namespace detail {

/// Okabe and Ito's colours, which colour-blind people can tell apart, each with a shape of its own.
struct Look {
  std::string_view colour;
  int shape;
};
inline constexpr Look looks[] = {{"#0072b2", 7},  {"#d55e00", 5},  {"#009e73", 9},
                                 {"#cc79a7", 11}, {"#e69f00", 13}, {"#56b4e9", 15}};
constexpr const Look& look(std::size_t i) { return looks[i % std::size(looks)]; }

inline constexpr std::string_view ink = "#1f2933";

/// A line of text in gnuplot. Single quotes, because in double ones gnuplot would run commands.
inline std::string gnuplot_string(std::string_view text) {
  std::string out = "'";
  for (char c : text) out += c == '\'' ? std::string("''") : std::string(1, c == '\n' ? ' ' : c);
  return out + "'";
}

/// The whole script: what all figures have in common, then the plot, as an SVG and as a PNG.
inline std::string script(const Figure& figure, std::string_view subtitle) {
  const std::string name = figure.name();
  return fmt::format(
      "# Draws {0}.svg and {0}.png from {0}.csv: gnuplot {0}.gp\n"
      "data = '{0}.csv'\n"
      "set encoding utf8\n"
      "set datafile separator ','\nset datafile columnheaders\nset datafile missing 'nan'\n"
      "set title {1} noenhanced offset 0,0.6 textcolor '#1f2933' font ',16'\nset tmargin 4.4\n"
      "set label {2} at graph 0.5, graph 1.05 center noenhanced textcolor '#5b6773' font ',12'\n"
      "set border 3 linecolor '#8a94a0'\nset tics nomirror scale 0.5 textcolor '#3b4650'\n"
      "set xlabel offset 0,0.4 textcolor '#3b4650'\nset ylabel textcolor '#3b4650'\n"
      "set grid ytics linecolor '#e3e7eb' linetype 1\n"
      "set key below center horizontal Left reverse samplen 2.4 width 1 height 0.7 textcolor "
      "'#1f2933' noenhanced\n"
      "set terminal svg size 800,520 dynamic rounded font 'sans-serif,14' background '#ffffff' "
      "name '{0}'\n"
      "set output '{0}.svg'\n"
      "{3}"
      "set terminal pngcairo size 1600,1040 rounded font 'sans,14' fontscale 1.8 linewidth 2 "
      "pointscale 2 background '#ffffff'\n"
      "set output '{0}.png'\n"
      "replot\n",
      name, gnuplot_string(fmt::format("Figure {}. {}", figure.number, figure.title)),
      gnuplot_string(subtitle), figure.plot);
}

}  // namespace detail

/// Writes the data and the script of each figure into `folder`, which exists, and draws it. Returns
/// false if gnuplot is not installed: then there are only data and scripts. Throws Error if a file
/// cannot be written or gnuplot fails.
inline bool draw(const std::vector<Figure>& list, std::string_view subtitle,
                 const std::filesystem::path& folder) {
  bool installed = true;
  for (const Figure& figure : list) {
    const std::filesystem::path script = folder / (figure.name() + ".gp");
    write_file(folder / (figure.name() + ".csv"), figure.data);
    write_file(script, detail::script(figure, subtitle));
    installed = installed && run_gnuplot(script);
  }
  return installed;
}

}  // namespace painters::analysis
