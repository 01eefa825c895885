// The libraries that most tests on models include, precompiled once for all rooms that have them: reading them takes
// longer than reading a test.
#pragma once

#include <Eigen/Core>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <rapidcheck.h>

#include "support/catch.hpp"
