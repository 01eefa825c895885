// What this process may use of the machine: of a container's memory and cores, not of the host's.
//
// Control groups of version 2 (memory.max, cpu.max) and of version 1 (memory.limit_in_bytes,
// cpu.cfs_quota_us) count, those around the process's own too. A container often sees its own group
// as the root of the file system, so that the path in /proc/self/cgroup leads nowhere; then the
// root is read.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

namespace painters {

namespace machine_detail {

/// Limits of control groups; the largest number where there is none.
struct GroupLimits {
  std::size_t memory = std::numeric_limits<std::size_t>::max();  // bytes
  double cores = std::numeric_limits<double>::max();             // of processor time
};

/// The words of a small file; none if it cannot be read.
inline std::vector<std::string> words(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::vector<std::string> all;
  for (std::string word; file >> word;) all.push_back(word);
  return all;
}

/// A positive number; `none` for anything else, such as "max" and "-1".
inline double positive(const std::string& word, double none) {
  char* end = nullptr;
  const double value = std::strtod(word.c_str(), &end);
  return end != word.c_str() && *end == '\0' && value > 0 ? value : none;
}

/// Tightens the limits by those of one group, whose files lie in `folder`.
inline void read_group(const std::filesystem::path& folder, GroupLimits& limits) {
  constexpr double none = std::numeric_limits<double>::max();
  for (const char* name : {"memory.max", "memory.limit_in_bytes"})
    if (const auto read = words(folder / name); !read.empty())
      if (const double bytes = positive(read[0], none);
          bytes < 1e18)  // version 1: 2^63 is no limit
        limits.memory = std::min(limits.memory, static_cast<std::size_t>(bytes));
  const auto cores = [&](const std::string& quota, const std::string& period) {
    if (const double time = positive(quota, none); time < none)
      limits.cores = std::min(limits.cores, time / positive(period, 1));
  };
  if (const auto read = words(folder / "cpu.max"); read.size() == 2) cores(read[0], read[1]);
  const auto quota = words(folder / "cpu.cfs_quota_us");
  const auto period = words(folder / "cpu.cfs_period_us");
  if (!quota.empty() && !period.empty()) cores(quota[0], period[0]);
}

/// The limits of the groups that this process is in. `root`: of the file system.
inline GroupLimits group_limits(const std::filesystem::path& root = "/") {
  GroupLimits limits;
  std::ifstream groups(root / "proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {  // "4:memory:/user/x", "0::/user/x"
    std::istringstream fields(line);
    std::string number, controllers, path;
    std::getline(fields, number, ':');
    std::getline(fields, controllers, ':');
    std::getline(fields, path);
    std::vector<std::filesystem::path> mounts{root / "sys/fs/cgroup" / controllers};
    if (controllers == "cpu" || controllers == "cpuacct")  // often one mount for both
      mounts.push_back(root / "sys/fs/cgroup/cpu,cpuacct");
    if (controllers.empty()) mounts.push_back(root / "sys/fs/cgroup/unified");
    for (const std::filesystem::path& mount : mounts)
      for (std::filesystem::path group = std::filesystem::path(path).relative_path();;
           group = group.parent_path()) {
        read_group(mount / group, limits);
        if (group.empty()) break;
      }
  }
  return limits;
}

/// Those of this process, read once.
inline const GroupLimits& own_limits() {
  static const GroupLimits limits = group_limits();
  return limits;
}

}  // namespace machine_detail

/// Bytes of main memory that this process may use.
inline std::size_t machine_memory() {
  static const std::size_t memory = std::min(static_cast<std::size_t>(sysconf(_SC_PHYS_PAGES)) *
                                                 static_cast<std::size_t>(sysconf(_SC_PAGE_SIZE)),
                                             machine_detail::own_limits().memory);
  return memory;
}

/// Threads that can compute at once: `threads`, or fewer where a container has less processor time;
/// at least 1.
inline std::size_t machine_threads(std::size_t threads) {
  const double allowed =
      std::max(1.0, machine_detail::own_limits().cores + 0.5);  // 1.5 cores are 2 threads
  return allowed < static_cast<double>(threads) ? static_cast<std::size_t>(allowed) : threads;
}

/// An eighth of the memory, or 640 MiB if that is more, but at most half.
inline std::size_t default_weights_memory() {
  return std::min(std::max(machine_memory() / 8, std::size_t{640} << 20), machine_memory() / 2);
}

}  // namespace painters
