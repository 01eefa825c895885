// What results name as their origin.
#pragma once

#include <string>

namespace painters::cli {

inline std::string version() { return PAINTERS_VERSION; }

}  // namespace painters::cli
