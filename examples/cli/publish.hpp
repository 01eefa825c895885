// From a store of results to the report, for the two commands that make one.
#pragma once

#include <filesystem>
#include <string>

#include <painters/analysis/study.hpp>
#include <painters/engine/store_file.hpp>

namespace painters::cli {

/// The name of the store in the output folder of a study.
inline constexpr const char* store_name = "results.sqlite";

/// Makes the folder unless it is there. Throws Error if that fails.
std::filesystem::path make_output_folder(const std::filesystem::path& folder);

/// Writes tables, figures and the page into the folder and prints a summary, as JSON if `json`.
/// Returns the study. Throws Error if the store has none, or if something cannot be written.
analysis::Study publish(engine::StoreFile& file, const std::filesystem::path& folder, bool json);

}  // namespace painters::cli
