// JSONL: files with one JSON object a line, as data sets and requests come.
#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <type_traits>

#include <painters/error.hpp>
#include <painters/formats/file_kind.hpp>
#include <painters/formats/json.hpp>

namespace painters::formats {

/// Calls f(JsonObject) for every line, in order, until an f that returns bool says false; empty
/// lines are skipped. The object's place names the file and the line (from 1), so that every
/// error about a field does. Throws Error if the file cannot be read or a line is no object.
template <class F>
void for_each_jsonl(const std::filesystem::path& path, F&& f) {
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path))
    throw Error("expected a JSONL file at " + path.string() +
                ", found none that can be read; check the path");
  std::string line;
  for (std::size_t number = 1; std::getline(file, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    if (number == 1) refuse_other_kinds(line, "a JSON file", path);
    const JsonObject object =
        JsonObject::parse(line, path.string() + ", line " + std::to_string(number));
    if constexpr (std::is_void_v<std::invoke_result_t<F&, const JsonObject&>>) {
      f(object);
    } else if (!f(object)) {
      return;
    }
  }
  if (file.bad())
    throw Error("expected to read " + path.string() +
                " to its end, but reading failed; check the disk");
}

}  // namespace painters::formats
