// The table of built_in.hpp with the headers of all its backends, for programs with a single
// translation unit.
#pragma once

#include <painters/backend/built_in.hpp>
#include <painters/backend/reference.hpp>
#ifdef PAINTERS_HAS_ONEDNN
#include <painters/backend/onednn.hpp>
#endif
