// The data and the model that some tests need. A test that lacks one says so and is skipped.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include <nlohmann/json.hpp>

#include "support/catch.hpp"

namespace support {

///@{ Settings of the build. Only data.cpp is compiled anew when they change.
std::filesystem::path source_folder();
std::filesystem::path data_folder();  // empty where PAINTERS_DATA_DIR is not set
std::filesystem::path configured_model();
///@}

inline bool skipped_without_data() {
  if (data_folder().empty()) WARN("skipped: PAINTERS_DATA_DIR is not set");
  return data_folder().empty();
}

/// A JSON file below the data folder.
inline nlohmann::json read_data(const std::filesystem::path& name) {
  std::ifstream file(data_folder() / name);
  INFO("expected " << name << " in the data folder");
  REQUIRE(file);
  return nlohmann::json::parse(file);
}

/// The default model's file: PAINTERS_MODEL, or where fetch_model.sh keeps it; empty if there is
/// none.
inline std::filesystem::path default_model() {
  std::filesystem::path path = configured_model();
  if (path.empty()) {
    const auto environment = [](const char* name) {
      const char* value = std::getenv(name);
      return std::filesystem::path(value ? value : "");
    };
    path = environment("PAINTERS_CACHE");
    if (path.empty() && !environment("XDG_CACHE_HOME").empty())
      path = environment("XDG_CACHE_HOME") / "painters";
    if (path.empty()) path = environment("HOME") / ".cache" / "painters";
    path /= "SmolLM2-135M-Instruct.Q4_1.gguf";
  }
  std::error_code error;
  return std::filesystem::is_regular_file(path, error) ? path : std::filesystem::path();
}

inline bool skipped_without_default_model() {
  const bool missing = default_model().empty();
  if (missing) WARN("skipped: the default model is not there; fetch it with cmake/fetch_model.sh");
  return missing;
}

}  // namespace support
