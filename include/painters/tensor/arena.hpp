// Scratch memory that is taken and given back in the order of scopes, so that a forward pass
// allocates nothing.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include <painters/tensor/buffer.hpp>

namespace painters::tensor {

/// A stack of f32 matrices. Not for concurrent use: every thread has its own.
class Arena {
 public:
  /// Gives back, when it ends, everything taken since it began.
  class Scope {
   public:
    /// Takes from `arena`, which must outlive it.
    explicit Scope(Arena& arena) : arena_(arena), block_(arena.block_), used_(arena.used_) {}
    ~Scope() { arena_.give_back(block_, used_); }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

    /// Uninitialised rows x cols, valid until the scope ends.
    Matrix matrix(std::size_t rows, std::size_t cols) {
      return {arena_.take(rows * cols), rows, cols};
    }

   private:
    Arena& arena_;
    std::size_t block_, used_;
  };

 private:
  float* take(std::size_t elements) {
    elements = (elements + 15) / 16 * 16;  // keeps every matrix on a 64-byte boundary
    while (block_ < blocks_.size() && used_ + elements > blocks_[block_].cols())
      ++block_, used_ = 0;
    if (block_ == blocks_.size())
      blocks_.emplace_back(
          1, std::max(elements, blocks_.empty() ? elements : 2 * blocks_.back().cols()));
    float* result = blocks_[block_].data() + used_;
    used_ += elements;
    return result;
  }

  void give_back(std::size_t block, std::size_t used) {
    block_ = block, used_ = used;
    if (block_ != 0 || used_ != 0 || blocks_.size() < 2) return;
    std::size_t all = 0;  // empty again: one block as large as all that was needed
    for (const Buffer& b : blocks_) all += b.cols();
    blocks_.clear();
    blocks_.emplace_back(1, all);
  }

  std::vector<Buffer> blocks_;
  std::size_t block_ = 0, used_ = 0;
};

}  // namespace painters::tensor
