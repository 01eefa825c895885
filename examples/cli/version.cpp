#include "version.hpp"

#include <painters/backend/onednn/isa.hpp>

#ifdef PAINTERS_PROGRAM_ONEDNN
#include <oneapi/dnnl/dnnl_version.h>

#include <fmt/format.h>
#endif

namespace painters::cli {

std::string build() {
#ifdef PAINTERS_PROGRAM_ONEDNN
  const std::string backend =
      fmt::format("oneDNN {}.{}.{}", DNNL_VERSION_MAJOR, DNNL_VERSION_MINOR, DNNL_VERSION_PATCH);
#else
  const std::string backend =
      "the reference backend (oneDNN was not there when it was built: slow)";
#endif
  return backend + ", compiled for " + backend::compiled_isa();
}

}  // namespace painters::cli
