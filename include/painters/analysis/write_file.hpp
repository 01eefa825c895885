// Writes a whole file or leaves the old one as it was.
#pragma once

#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>

#include <painters/error.hpp>

namespace painters::analysis {

/// Through a neighbour with another name, which is then renamed. Throws Error if the disk does not
/// take it.
inline void write_file(const std::filesystem::path& path, std::string_view content) {
  std::filesystem::path unfinished = path;
  unfinished += ".part";
  std::ofstream file(unfinished, std::ios::binary);
  file << content << std::flush;
  const bool written = file.good();
  file.close();
  std::error_code error;
  if (written) std::filesystem::rename(unfinished, path, error);
  if (!written || error) {
    std::filesystem::remove(unfinished, error);
    throw Error(
        "expected to write " + path.string() +
        ", found that it is not possible; check the free space and the permissions of its folder");
  }
}

}  // namespace painters::analysis
