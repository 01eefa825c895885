// The backends that tests run over: TEMPLATE_TEST_CASE("...", "[...]", PAINTERS_TEST_BACKENDS).
#pragma once

#include <painters/backend/reference.hpp>

#ifdef PAINTERS_TEST_ONEDNN
#include <painters/backend/onednn.hpp>
#define PAINTERS_TEST_BACKENDS painters::backend::Reference, painters::backend::OneDnn
#else
#define PAINTERS_TEST_BACKENDS painters::backend::Reference
#endif

namespace support {

/// The one that is fit for large models.
#ifdef PAINTERS_TEST_ONEDNN
using FastBackend = painters::backend::OneDnn;
#else
using FastBackend = painters::backend::Reference;
#endif

}  // namespace support
