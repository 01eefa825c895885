// The files of a model's folder, and, where they are missing, what to say about what is there
// instead.
#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <painters/error.hpp>
#include <painters/formats/json.hpp>

namespace painters::formats {

namespace detail {

/// The names in a folder, sorted; those of folders end with a slash.
inline std::vector<std::string> names_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error))
    names.push_back(at->path().filename().string() + (at->is_directory(error) ? "/" : ""));
  std::ranges::sort(names);
  return names;
}

/// "a, b, c and 4 more".
inline std::string listed(const std::vector<std::string>& names) {
  constexpr std::size_t most = 6;
  if (names.empty()) return "nothing in it";
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), most); ++i)
    (text += i == 0 ? "" : ", ") += names[i];
  return names.size() > most ? text + " and " + std::to_string(names.size() - most) + " more"
                             : text;
}

/// The first of `names` that ends with one of `ends`; empty if there is none.
inline std::string first_with_end(const std::vector<std::string>& names,
                                  const std::vector<std::string_view>& ends) {
  for (const std::string& name : names)
    for (const std::string_view end : ends)
      if (name.ends_with(end)) return name;
  return "";
}

/// A folder with a config.json, at most three below this one: models are downloaded as
/// snapshots/<revision>/. Empty if there is none among the first few thousand files.
inline std::filesystem::path folder_with_config(const std::filesystem::path& folder) {
  std::error_code error;
  std::size_t seen = 0;
  for (std::filesystem::recursive_directory_iterator at(folder, error), end;
       !error && at != end && seen < 5000; at.increment(error), ++seen) {
    if (at.depth() >= 3) at.disable_recursion_pending();
    if (at->path().filename() == "config.json") return at->path().parent_path();
  }
  return {};
}

}  // namespace detail

/// The configuration of the model in a folder. Throws Error if there is none, with what is there,
/// or if it is no JSON object.
inline JsonObject read_model_config(const std::filesystem::path& folder) {
  std::error_code error;
  const std::filesystem::path file = folder / "config.json";
  if (std::filesystem::exists(file, error)) return read_json(file);
  const std::vector<std::string> names = detail::names_in(folder);
  const std::string gguf = detail::first_with_end(names, {".gguf"});
  const std::filesystem::path below = detail::folder_with_config(folder);
  throw Error("expected config.json in the folder " + folder.string() + ", found " +
              detail::listed(names) + "; " +
              (!gguf.empty()    ? "give " + (folder / gguf).string() + ", the file itself"
               : !below.empty() ? "give " + below.string() + ", which has one"
                                : "fetch the model's config.json beside its weights"));
}

/// The weights of the model in a folder: model.safetensors, or the index of its shards; empty if
/// there is neither.
inline std::optional<std::filesystem::path> find_safetensors(const std::filesystem::path& folder) {
  std::error_code error;
  for (const char* name : {"model.safetensors", "model.safetensors.index.json"})
    if (std::filesystem::exists(folder / name, error)) return folder / name;
  return std::nullopt;
}

/// Throws Error that there is neither, with what is there.
[[noreturn]] inline void refuse_without_safetensors(const std::filesystem::path& folder) {
  const std::vector<std::string> names = detail::names_in(folder);
  const std::string shard = detail::first_with_end(names, {".safetensors"});
  const std::string other =
      detail::first_with_end(names, {".bin", ".pt", ".pth", ".ckpt", ".h5", ".msgpack", ".onnx"});
  throw Error("expected model.safetensors or model.safetensors.index.json in the folder " +
              folder.string() + ", found " + detail::listed(names) + "; " +
              (!shard.empty()   ? "fetch the index that says what is in " + shard
               : !other.empty() ? "convert the weights in " + other + " to safetensors"
                                : "fetch the model's weights"));
}

/// As find_safetensors. Throws Error if there is neither.
inline std::filesystem::path safetensors_in(const std::filesystem::path& folder) {
  if (auto found = find_safetensors(folder)) return *found;
  refuse_without_safetensors(folder);
}

}  // namespace painters::formats
