// The message of the error that a call throws.
#pragma once

#include <string>

#include <painters/error.hpp>

namespace support {

/// The message of the painters::Error that f() throws; empty if it throws none.
template <class F>
std::string message(F f) {
  try {
    f();
  } catch (const painters::Error& e) {
    return e.what();
  }
  return "";
}

}  // namespace support
