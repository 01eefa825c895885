// A weight matrix in a file's own precision, somewhere in memory (usually a memory map).
#pragma once

#include <cassert>
#include <cstddef>
#include <vector>

#include <painters/tensor/element_type.hpp>

namespace painters::tensor {

/// `rows` outputs x `cols` inputs (y = W x), row after row in blocks of `type`. Owns nothing: the
/// bytes live as long as the file that they come from.
///
/// `interleaved_heads` > 0: the rows are that many heads, stored for interleaved rotary embedding
/// (pairs 2i, 2i + 1, as GGUF holds Q and K of Llama models); stored_row() gives the split-half
/// order that all of our code uses.
struct Weight {
  ElementType type = ElementType::f32;  // of the stored elements
  const std::byte* bytes = nullptr;     // the first row
  std::size_t rows = 0;                 // outputs
  std::size_t cols = 0;                 // inputs
  std::size_t interleaved_heads = 0;    // 0: rows are in our order

  /// Bytes of a row.
  constexpr std::size_t row_bytes() const { return tensor::row_bytes(type, cols); }

  /// The row of the file that holds output r.
  constexpr std::size_t stored_row(std::size_t r) const {
    if (interleaved_heads == 0) return r;
    const std::size_t dim = rows / interleaved_heads, half = dim / 2, in_head = r % dim;
    return r - in_head + (in_head < half ? 2 * in_head : 2 * (in_head - half) + 1);
  }
  /// Rows first .. first + count - 1 of a weight without interleaved heads.
  constexpr Weight middle_rows(std::size_t first, std::size_t count) const {
    assert(interleaved_heads == 0 && first + count <= rows);
    return {type, bytes + first * row_bytes(), count, cols, 0};
  }
  /// The row that holds output r.
  constexpr const std::byte* row(std::size_t r) const {
    return bytes + stored_row(r) * row_bytes();
  }
};

/// Matrices with the same inputs whose outputs follow one another (Q, K and V; gate and up) as one
/// product.
using StackedWeight = std::vector<Weight>;

}  // namespace painters::tensor
