// Where the evaluation suite that comes with the program is.
#pragma once

#include <filesystem>
#include <system_error>

namespace painters::cli {

/// share/painters/suite beside an installed program, else examples/suite of the source tree that it
/// was built from.
inline std::filesystem::path suite_folder() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  const auto installed = program.parent_path().parent_path() / "share" / "painters" / "suite";
  return !error && std::filesystem::is_directory(installed, error)
             ? installed
             : std::filesystem::path(PAINTERS_SUITE_DIR);
}

}  // namespace painters::cli
