// Where set-up keeps the model that programs use when no other is named.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#include <painters/error.hpp>

namespace painters::examples {

namespace detail {

inline std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

}  // namespace detail

/// PAINTERS_CACHE, else the user's cache folder; cmake/fetch_model.sh has the same rule.
inline std::filesystem::path cache_folder() {
  if (const std::string own = detail::environment("PAINTERS_CACHE"); !own.empty()) return own;
  if (const std::string user = detail::environment("XDG_CACHE_HOME"); !user.empty())
    return std::filesystem::path(user) / "painters";
  return std::filesystem::path(detail::environment("HOME")) / ".cache" / "painters";
}

inline std::filesystem::path default_model() {
  return cache_folder() / "SmolLM2-135M-Instruct.Q4_1.gguf";
}

/// Throws Error if the default model has not been fetched.
inline std::filesystem::path require_default_model() {
  std::error_code error;
  const std::filesystem::path path = default_model();
  if (!std::filesystem::exists(path, error))
    throw Error("expected the default model at " + path.string() +
                ", found none: fetch it with cmake/fetch_model.sh or name another with --model");
  return path;
}

}  // namespace painters::examples
