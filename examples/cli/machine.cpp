#include "machine.hpp"

#include <unistd.h>

#include <omp.h>

#include "backend.hpp"
#include "session.hpp"

namespace painters::cli {

namespace {

/// As it would be for a model whose weights take so many bytes in f32: it keeps them, or makes them
/// ready for each call.
ProgramBackend backend_for([[maybe_unused]] std::size_t bytes) {
#ifdef PAINTERS_PROGRAM_ONEDNN
  constexpr std::size_t budget = ProgramBackend::default_panel_budget;
  return ProgramBackend(bytes <= budget ? budget : 0);
#else
  return {};
#endif
}

}  // namespace

engine::LayerRate measure_machine(const models::ModelShape& shape, const models::Workload& work) {
  ProgramBackend backend =
      backend_for(shape.num_hidden_layers * models::matrix_parameters(shape) * sizeof(float));
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
