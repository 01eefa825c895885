// A benchmark as a value. tasks.hpp has the table of all of them, from which the command line, the
// report and the statistics take what they say about a task.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include <painters/tasks/document.hpp>
#include <painters/tasks/metric.hpp>

namespace painters::formats {
class JsonObject;
}

namespace painters::tasks {

/// Which of the paper's figures a task is part of; painters reproduce runs it for these.
enum class InPaper {
  no,       // none
  windows,  // those of windows of layers
  all       // those, and figure 2: single layers left out or exchanged
};

/// A benchmark.
struct Task {
  std::string_view name;                       // as lm-evaluation-harness calls it
  std::string_view title;                      // in tables and figures
  std::string_view data_set;                   // as its authors call it; tasks may share one
  double chance = 0;                           // the accuracy of guessing
  std::array<const MetricKind*, 3> metrics{};  // in the order of tables, then nulls
  InPaper in_paper = InPaper::no;              // which figures it is part of

  /// Whether a line has the fields of this data set; their contents are not looked at.
  bool (*recognizes)(const formats::JsonObject& line) = nullptr;

  /// The document of a line, its index left 0. Throws Error for a field that is missing or has the
  /// wrong type.
  Document (*document)(const formats::JsonObject& line) = nullptr;

  /// Whether it has this metric.
  constexpr bool has(const MetricKind& metric) const {
    return std::find(metrics.begin(), metrics.end(), &metric) != metrics.end();
  }
};

}  // namespace painters::tasks
