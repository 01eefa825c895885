// backend::Default with its header, for programs that leave the choice of a backend to their build.
#pragma once

#include <painters/backend/built_in.hpp>
#ifdef PAINTERS_HAS_ONEDNN
#include <painters/backend/onednn.hpp>
#else
#include <painters/backend/reference.hpp>
#endif
