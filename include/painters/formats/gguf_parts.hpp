// GGUF models in several files, as llama.cpp's gguf-split writes them:
// model-00001-of-00003.gguf and so on.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <painters/error.hpp>

namespace painters::formats {

namespace detail {

/// "-00002-of-00003.gguf" at the end of a file's name.
struct PartName {
  static constexpr std::size_t digits = 5;
  std::string before;     // what all parts begin with
  std::size_t count = 0;  // parts

  std::string part(std::size_t i) const {
    return before + "-" + number(i + 1) + "-of-" + number(count) + ".gguf";
  }

 private:
  static std::string number(std::size_t n) {
    const std::string text = std::to_string(n);
    return std::string(text.size() < digits ? digits - text.size() : 0, '0') + text;
  }
};

/// Empty for any other name.
inline std::optional<PartName> part_name(std::string_view name) {
  constexpr std::string_view of = "-of-", end = ".gguf";
  constexpr std::size_t n = PartName::digits;
  constexpr std::size_t length = 1 + n + of.size() + n + end.size();
  if (name.size() < length || !name.ends_with(end)) return std::nullopt;
  const std::string_view tail = name.substr(name.size() - length);
  const std::string_view count = tail.substr(1 + n + of.size(), n);
  constexpr std::string_view figures = "0123456789";
  if (tail[0] != '-' || tail.substr(1 + n, of.size()) != of ||
      tail.substr(1, n).find_first_not_of(figures) != tail.npos ||
      count.find_first_not_of(figures) != count.npos)
    return std::nullopt;
  return PartName{std::string(name.substr(0, name.size() - length)),
                  std::stoul(std::string(count))};
}

}  // namespace detail

/// All files of the model that `path`, any of them, belongs to, in their order: `path` alone unless
/// its name says that it is one of several. Throws Error if one of them is missing.
inline std::vector<std::filesystem::path> gguf_parts(const std::filesystem::path& path) {
  const auto name = detail::part_name(path.filename().string());
  if (!name || name->count < 2) return {path};
  std::vector<std::filesystem::path> all;
  for (std::size_t i = 0; i < name->count; ++i) {
    all.push_back(path.parent_path() / name->part(i));
    std::error_code error;
    if (!std::filesystem::exists(all.back(), error))
      throw Error("expected all " + std::to_string(name->count) + " parts of the model beside " +
                  path.string() + ", found no " + name->part(i) + "; fetch it");
  }
  return all;
}

}  // namespace painters::formats
