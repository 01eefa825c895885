// What results name as their origin.
#pragma once

#include <string>

namespace painters::cli {

inline std::string version() { return PAINTERS_VERSION; }

/// What the numbers of this program depend on beside the model: "oneDNN 2.6.3, compiled for avx2".
std::string build();

}  // namespace painters::cli
