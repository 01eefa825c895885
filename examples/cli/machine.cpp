#include "machine.hpp"

#include <unistd.h>

#include <omp.h>

#include "backend.hpp"
#include "session.hpp"

namespace painters::cli {

engine::LayerRate measure_machine(const models::ModelShape& shape, const models::Workload& work) {
  // As for a whole model of that shape: weights in f32 are kept if all fit, else made for each
  // call.
  const std::size_t bytes =
      shape.num_hidden_layers * models::matrix_parameters(shape) * sizeof(float);
  const std::size_t kept = default_weights_memory();
  ProgramBackend backend = make_backend(bytes <= kept ? kept : 0, machine_memory());
  return engine::measure_layer_rate(backend, shape, work, most_tokens);
}

std::size_t compute_threads() {
#ifdef PAINTERS_PROGRAM_ONEDNN
  return static_cast<std::size_t>(omp_get_max_threads());
#else
  return 1;
#endif
}

std::size_t machine_memory() {
  return static_cast<std::size_t>(sysconf(_SC_PHYS_PAGES)) *
         static_cast<std::size_t>(sysconf(_SC_PAGE_SIZE));
}

}  // namespace painters::cli
