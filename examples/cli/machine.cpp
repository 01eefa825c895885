#include "machine.hpp"

#include <painters/backend/default.hpp>
#include <painters/engine/provenance.hpp>
#include <painters/front/loaded_model.hpp>
#include <painters/machine_limits.hpp>

#include "version.hpp"

namespace painters::cli {

engine::LayerRate measure_machine(const models::ModelShape& shape, const models::Workload& work) {
  // As for a whole model of that shape: weights in f32 are kept if all fit, else made for each
  // call.
  const std::size_t bytes =
      shape.num_hidden_layers * models::matrix_parameters(shape) * sizeof(float);
  const std::size_t kept = default_weights_memory();
  auto backend = backend::make<backend::Default>(
      {.weights = bytes <= kept ? kept : 0, .file = machine_memory()});
  return engine::measure_layer_rate(backend, shape, work, front::most_tokens);
}

engine::Run default_run() {
  return engine::run_of(backend::make<backend::Default>({.weights = 0, .file = 0}), version());
}

}  // namespace painters::cli
