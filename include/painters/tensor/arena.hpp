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
    explicit Scope(Arena& arena)
        : arena_(arena), block_(arena.block_), used_(arena.used_), all_(arena.all_) {}
    ~Scope() { arena_.give_back(block_, used_, all_); }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

    /// Uninitialised rows x cols, valid until the scope ends.
    Matrix matrix(std::size_t rows, std::size_t cols) {
      return {arena_.take(rows * cols), rows, cols};
    }

   private:
    Arena& arena_;
    std::size_t block_, used_, all_;
  };

 private:
  float* take(std::size_t elements) {
    elements = (elements + 15) / 16 * 16;  // keeps every matrix on a 64-byte boundary
    if (all_ == 0 && !blocks_.empty() && elements > blocks_[0].cols()) blocks_.clear();
    while (block_ < blocks_.size() && used_ + elements > blocks_[block_].cols())
      ++block_, used_ = 0;
    if (block_ == blocks_.size()) blocks_.emplace_back(1, elements);
    float* result = blocks_[block_].data() + used_;
    used_ += elements;
    all_ += elements;
    most_ = std::max(most_, all_);
    return result;
  }

  void give_back(std::size_t block, std::size_t used, std::size_t all) {
    block_ = block, used_ = used, all_ = all;
    if (all_ != 0 || blocks_.size() < 2) return;
    blocks_.clear();  // empty again: one block as large as all that was needed
    blocks_.emplace_back(1, most_);
  }

  std::vector<Buffer> blocks_;
  std::size_t block_ = 0, used_ = 0;
  std::size_t all_ = 0, most_ = 0;  // elements in use, now and at most until now
};

}  // namespace painters::tensor
