// The backend of the program: oneDNN where it was there when the program was built.
#pragma once

#include <cstddef>

#ifdef PAINTERS_PROGRAM_ONEDNN
#include <painters/backend/onednn.hpp>
#else
#include <painters/backend/reference.hpp>
#endif

namespace painters::cli {

/// `weights_memory`: bytes for weights in f32; `file_memory`: bytes of the other weights' file that
/// stay in the system's memory behind their use.
#ifdef PAINTERS_PROGRAM_ONEDNN
using ProgramBackend = backend::OneDnn;
inline ProgramBackend make_backend(std::size_t weights_memory, std::size_t file_memory) {
  return ProgramBackend(weights_memory, file_memory);
}
#else
using ProgramBackend = backend::Reference;  // keeps no weights
inline ProgramBackend make_backend(std::size_t, std::size_t) { return {}; }
#endif

}  // namespace painters::cli
