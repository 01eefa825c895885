// What painters --version prints, and what results name as their origin.
#pragma once

#include <string>

namespace painters::cli {

/// "painters 0.1.0, oneDNN backend, compiled for avx2".
inline std::string version() { return std::string("painters ") + PAINTERS_VERSION; }

}  // namespace painters::cli
