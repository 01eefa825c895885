// From a store of results to the report, for the commands that make it.
#pragma once

#include <filesystem>
#include <string>

#include <painters/analysis/study.hpp>
#include <painters/engine/store_file.hpp>

namespace painters::cli {

/// The store in the output folder of a study.
inline constexpr const char* store_name = "results.sqlite";

/// Throws Error if the folder is not there and cannot be made.
std::filesystem::path make_output_folder(const std::filesystem::path& folder);

/// Writes tables, figures and the page into the folder, and prints what came out, for programs as
/// JSON. Returns the study. Throws Error if the store has none, or something cannot be written.
analysis::Study publish(engine::StoreFile& file, const std::filesystem::path& folder, bool json);

}  // namespace painters::cli
