// The backend of the program: oneDNN where it was there when the program was built.
#pragma once

#ifdef PAINTERS_PROGRAM_ONEDNN
#include <painters/backend/onednn.hpp>
#else
#include <painters/backend/reference.hpp>
#endif

namespace painters::cli {

#ifdef PAINTERS_PROGRAM_ONEDNN
using ProgramBackend = backend::OneDnn;
#else
using ProgramBackend = backend::Reference;
#endif

}  // namespace painters::cli
