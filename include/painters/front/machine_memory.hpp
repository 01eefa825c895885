// The main memory of this machine, from which defaults are made.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <cstddef>

namespace painters::front {

/// Bytes of main memory.
inline std::size_t machine_memory() {
  return static_cast<std::size_t>(sysconf(_SC_PHYS_PAGES)) *
         static_cast<std::size_t>(sysconf(_SC_PAGE_SIZE));
}

/// An eighth of the machine's memory, or 640 MiB if that is more.
inline std::size_t default_weights_memory() {
  return std::max(machine_memory() / 8, std::size_t{640} << 20);
}

}  // namespace painters::front
