// The umbrella: plans and pipelines. Needs nothing but the standard library.
#pragma once

#include <painters/error.hpp>
#include <painters/plan/node.hpp>
