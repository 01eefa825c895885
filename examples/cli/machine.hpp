// What this machine can do: how fast layers run on it, and with which backend.
#pragma once

#include <cstddef>

#include <painters/engine/layer_rate.hpp>
#include <painters/engine/store_keys.hpp>
#include <painters/models/flops.hpp>
#include <painters/models/model_shape.hpp>

namespace painters::cli {

/// How fast the default backend runs layers of a shape, measured within a second or so.
engine::LayerRate measure_machine(const models::ModelShape& shape, const models::Workload& work);

/// The backend that computes when no other is chosen.
engine::Run default_run();

}  // namespace painters::cli
