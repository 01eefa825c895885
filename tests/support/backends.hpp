// The backends that tests run over: TEMPLATE_TEST_CASE("...", "[...]", PAINTERS_TEST_BACKENDS).
#pragma once

#include <cstddef>

#include <painters/backend/reference.hpp>

#include "support/device.hpp"

#ifdef PAINTERS_HAS_ONEDNN
#include <painters/backend/onednn.hpp>
#define PAINTERS_TEST_BACKENDS \
  painters::backend::Reference, support::Device, painters::backend::OneDnn
#else
#define PAINTERS_TEST_BACKENDS painters::backend::Reference, support::Device
#endif

namespace support {

/// Row counts around the blocks of 24 and 96 rows of backend::OneDnn.
inline constexpr std::size_t row_counts[] = {1, 2, 3, 7, 23, 24, 25, 95, 96, 97, 130, 257};

/// The backend that is fast enough for large models.
#ifdef PAINTERS_HAS_ONEDNN
using FastBackend = painters::backend::OneDnn;
#else
using FastBackend = painters::backend::Reference;
#endif

}  // namespace support
