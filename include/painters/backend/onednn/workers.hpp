// What a thread needs to compute with, lent for the time of an operation. Whoever borrows it has it
// alone, so that any number of the user's threads may call one backend at once.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include <oneapi/dnnl/dnnl.hpp>

#include <painters/tensor/arena.hpp>

namespace painters::backend::onednn {

/// Things that are lent and come back. What came back last is lent first: its memory is in the
/// cache, and it has grown to what the same operation needed before.
template <class T>
class Pool {
 public:
  /// Some of the pool's things, which go back when this ends.
  class Loan {
   public:
    /// Takes `count` from `pool`, which must outlive it; make() makes a new one where none is free.
    template <class Make>
    Loan(Pool& pool, std::size_t count, const Make& make) : pool_(&pool) {
      {
        const std::lock_guard lock(pool.mutex_);
        for (; things_.size() < count && !pool.free_.empty(); pool.free_.pop_back())
          things_.push_back(std::move(pool.free_.back()));
      }
      while (things_.size() < count) things_.push_back(make());
    }
    ~Loan() {
      const std::lock_guard lock(pool_->mutex_);
      for (; !things_.empty(); things_.pop_back())
        pool_->free_.push_back(std::move(things_.back()));
    }
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;

    std::size_t size() const { return things_.size(); }
    T& operator[](std::size_t i) const { return *things_[i]; }

   private:
    Pool* pool_;
    std::vector<std::unique_ptr<T>> things_;
  };

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<T>> free_;
};

/// What one thread computes with.
struct Worker {
  explicit Worker(const dnnl::engine& engine) : stream(engine) {}

  tensor::Arena arena;                // scratch
  dnnl::stream stream;                // executes primitives in the calling thread
  std::vector<std::byte> scratchpad;  // of oneDNN's primitives
};

/// One worker for each thread that shares a task.
using Team = Pool<Worker>::Loan;

}  // namespace painters::backend::onednn
