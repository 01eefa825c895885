// Writes all that a study leaves in its output folder besides the store of results.
#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <painters/analysis/figures.hpp>
#include <painters/analysis/findings.hpp>
#include <painters/analysis/harm.hpp>
#include <painters/analysis/report.hpp>
#include <painters/analysis/study.hpp>
#include <painters/analysis/tables.hpp>
#include <painters/atomic_file.hpp>

namespace painters::analysis {

/// Writes summary.csv, summary.json, documents.csv, figures/ and report.html into `folder`, from
/// what is done so far. If gnuplot is missing or fails there are no figures, and the sentence that
/// is returned says so; else it is empty. Throws Error if a file cannot be written.
inline std::string write_report(const Study& study, const std::vector<Record>& records,
                                const ReportText& text, const std::filesystem::path& folder) {
  const Curves curves(study);
  const std::vector<Finding> checked = findings(study, curves);
  write_file(folder / "summary.csv", summary_csv(study));
  write_file(folder / "summary.json", summary_json(study, curves, checked));
  write_file(folder / "documents.csv", documents_csv(study, records));

  const std::filesystem::path pictures = folder / "figures";
  std::filesystem::create_directories(pictures);
  const std::vector<Figure> list = figures(study, curves);
  std::size_t fewest = std::numeric_limits<std::size_t>::max(), most = 0;
  for (const DataSet& data : study.tasks())
    fewest = std::min(fewest, data.documents), most = std::max(most, data.documents);
  const std::string subtitle =
      fmt::format("{}, {} documents a task", study.source().model,
                  fewest == most ? std::to_string(most) : fmt::format("{} to {}", fewest, most));

  std::string note;
  bool drawn = false;
  try {
    drawn = draw(list, subtitle, pictures);
    if (!drawn)
      note =
          "gnuplot is not installed, so the report has no figures; install it (Debian: "
          "gnuplot-nox) and run the same command again.";
  } catch (const Error& problem) {
    note = problem.what();
  }
  write_file(folder / "report.html",
             report_html(study, curves, checked, list, pictures, drawn, text));
  return note;
}

}  // namespace painters::analysis
