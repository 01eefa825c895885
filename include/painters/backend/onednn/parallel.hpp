// Loops over the threads of OpenMP, the only thread pool there is.
#pragma once

#include <atomic>
#include <cstddef>
#include <exception>

#include <omp.h>

namespace painters::backend::onednn {

/// f(i) for every i below n, by at most `threads` threads in the order in which they come free; in
/// order and by this thread alone within another parallel loop. What f throws ends the loop and is
/// thrown again.
template <class F>
void parallel_for(std::size_t n, std::size_t threads, const F& f) {
  if (n < 2 || threads < 2 || omp_in_parallel()) {
    for (std::size_t i = 0; i < n; ++i) f(i);
    return;
  }
  std::exception_ptr failure;
  std::atomic<bool> failed = false;
  const int team = static_cast<int>(threads < n ? threads : n);
#pragma omp parallel for schedule(dynamic, 1) num_threads(team)
  for (std::size_t i = 0; i < n; ++i) {
    if (failed.load(std::memory_order_relaxed)) continue;
    try {
      f(i);
    } catch (...) {
      if (!failed.exchange(true)) failure = std::current_exception();
    }
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace painters::backend::onednn
