// Loops that run on OpenMP's threads, the only thread pool there is.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>

#include <omp.h>

namespace painters::backend::onednn {

/// f(i, worker) for every i below n, by at most `threads` threads, each of which takes the next i
/// when it is free; by this thread alone, in order, where one is enough. `worker`, below min(n,
/// threads) and 0 for one thread, is never the same for two calls at once. If f throws, the loop
/// ends and the exception is rethrown.
template <class F>
void parallel_for(std::size_t n, std::size_t threads, const F& f) {
  if (n < 2 || threads < 2) {
    for (std::size_t i = 0; i < n; ++i) f(i, std::size_t{0});
    return;
  }
  std::exception_ptr failure;
  std::atomic<bool> failed = false;
  const int team = static_cast<int>(threads < n ? threads : n);
#pragma omp parallel for schedule(dynamic, 1) num_threads(team)
  for (std::size_t i = 0; i < n; ++i) {
    if (failed.load(std::memory_order_relaxed)) continue;
    try {
      f(i, static_cast<std::size_t>(omp_get_thread_num()));  // in this loop's team
    } catch (...) {
      if (!failed.exchange(true)) failure = std::current_exception();
    }
  }
  if (failure) std::rethrow_exception(failure);
}

/// f(r) for every row r below `rows`, by at most `threads` threads.
template <class F>
void for_each_row(std::size_t rows, std::size_t threads, const F& f) {
  constexpr std::size_t at_once = 32;
  parallel_for((rows + at_once - 1) / at_once, threads, [&](std::size_t i, std::size_t) {
    for (std::size_t r = i * at_once; r < std::min(rows, (i + 1) * at_once); ++r) f(r);
  });
}

}  // namespace painters::backend::onednn
