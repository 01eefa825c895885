// The libraries that most tests on models include, precompiled once for all rooms that have them:
// reading them takes longer than reading a test.
#pragma once

#include <fmt/format.h>
#include <rapidcheck.h>
#include <Eigen/Core>
#include <nlohmann/json.hpp>

#include "support/catch.hpp"
