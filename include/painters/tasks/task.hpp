// A benchmark as a value: how a line of its file becomes a document, and which metrics it has.
#pragma once

#include <string_view>

#include <painters/tasks/document.hpp>

namespace painters::formats {
class JsonObject;
}

namespace painters::tasks {

/// A benchmark; those that there are: all_tasks.
struct Task {
  std::string_view name;      // as lm-evaluation-harness calls it
  std::string_view data_set;  // as its authors call it
  double chance = 0;          // the accuracy of guessing
  bool perplexity = false;    // exp of the mean negative log-likelihood of the targets
  bool acc_norm = false;      // accuracy by log-likelihood per character

  /// Whether a line has the fields of this data set; their contents are not looked at.
  bool (*recognizes)(const formats::JsonObject& line) = nullptr;

  /// The document of a line, its index left 0. Throws Error for a field that is missing or has the
  /// wrong type.
  Document (*document)(const formats::JsonObject& line) = nullptr;
};

}  // namespace painters::tasks
