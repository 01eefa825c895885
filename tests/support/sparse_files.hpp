// Whether large sparse files can be made and mapped here. A test that needs them says so and is
// skipped otherwise.
#pragma once

#include <sys/resource.h>
#include <sys/stat.h>

#include <cstdint>
#include <filesystem>
#include <string>

#include "support/catch.hpp"
#include "support/sparse_bytes.hpp"

namespace support {

/// Why sparse files of `bytes` bytes cannot be used in `folder`; empty if they can.
inline std::string no_sparse_files(const std::filesystem::path& folder, std::uint64_t bytes) {
  for (const auto limit : {RLIMIT_AS, RLIMIT_FSIZE})
    if (rlimit most{}; ::getrlimit(limit, &most) == 0 && most.rlim_cur != RLIM_INFINITY &&
                       most.rlim_cur / 2 < bytes)
      return limit == RLIMIT_AS ? "address space is limited (ulimit -v)"
                                : "the size of files is limited (ulimit -f)";
  const std::filesystem::path file = folder / "sparse";
  std::string reason;
  try {
    SparseBytes().append_hole(bytes).write(file, "head");
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0 || status.st_blocks * 512 > 1 << 20)
      reason = "the file system of " + folder.string() + " has no sparse files";
  } catch (const std::filesystem::filesystem_error& e) {
    reason = e.what();
  }
  std::error_code ignored;
  std::filesystem::remove(file, ignored);
  return reason;
}

inline bool skipped_without_sparse_files(const std::filesystem::path& folder, std::uint64_t bytes) {
  const std::string reason = no_sparse_files(folder, bytes);
  if (!reason.empty()) WARN("skipped: " + reason);
  return !reason.empty();
}

}  // namespace support
