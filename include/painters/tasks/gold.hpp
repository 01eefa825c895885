// Finds the right choice by its label.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <painters/error.hpp>
#include <painters/formats/json.hpp>

namespace painters::tasks {

/// The label in field `name`. Some copies of the data sets write 3, others "3".
inline std::string label(const formats::JsonObject& line, const char* name) {
  if (line.contains(name) && line.value()[name].is_number_integer())
    return line.value()[name].dump();
  return line.get<std::string>(name);
}

/// The position among `labels` of the label in field `name`. Throws Error if it is not there.
inline std::size_t gold_position(const formats::JsonObject& line, const char* name,
                                 const std::vector<std::string>& labels) {
  const std::string gold = label(line, name);
  std::string expected;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] == gold) return i;
    expected += (i ? ", " : "") + labels[i];
  }
  throw Error(line.place() + ": expected one of " + expected + " in \"" + name + "\", found \"" +
              gold + (gold.empty() ? "\"; is this a test set without answers?" : "\""));
}

}  // namespace painters::tasks
