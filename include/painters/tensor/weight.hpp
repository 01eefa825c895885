// A weight matrix in a file's own precision, somewhere in memory (usually a memory map).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <painters/error.hpp>
#include <painters/tensor/element_type.hpp>

namespace painters::tensor {

/// In which order a file keeps the rows of heads. Ours is head after head, each in split-half
/// order.
struct HeadRows {
  std::size_t heads = 0;     // 0: the file has the rows in our order
  std::size_t stride = 0;    // rows of the file from one head to the next
  bool interleaved = false;  // pairs 2i, 2i + 1 for rotary embedding, as GGUF has Q and K of Llama
};

/// `rows` outputs x `cols` inputs (y = W x), row after row in blocks of `type`. Owns nothing: the
/// bytes live as long as the file that they come from.
struct Weight {
  ElementType type = ElementType::f32;  // of the stored elements
  const std::byte* bytes = nullptr;     // the first row
  std::size_t rows = 0;                 // outputs
  std::size_t cols = 0;                 // inputs
  HeadRows order = {};                  // of the rows in the file

  /// Bytes of a row.
  constexpr std::size_t row_bytes() const { return tensor::row_bytes(type, cols); }

  /// Everything from the first row to the last, including what lies between them.
  constexpr std::span<const std::byte> all_bytes() const {
    return {bytes, rows == 0 ? 0 : (stored_row(rows - 1) + 1) * row_bytes()};
  }

  /// The row of the file, counted from `bytes`, that holds output r.
  constexpr std::size_t stored_row(std::size_t r) const {
    if (order.heads == 0) return r;
    const std::size_t dim = rows / order.heads, half = dim / 2, in_head = r % dim;
    const std::size_t stored = !order.interleaved ? in_head
                               : in_head < half   ? 2 * in_head
                                                  : 2 * (in_head - half) + 1;
    return r / dim * order.stride + stored;
  }
  /// Rows first .. first + count - 1 of a weight in our order. Throws UsageError for one in another
  /// order and for rows that it lacks.
  constexpr Weight middle_rows(std::size_t first, std::size_t count) const {
    if (order.heads != 0 || first > rows || count > rows - first)
      throw UsageError(
          "expected some rows of a weight whose rows are in our order, found rows that it lacks or "
          "one whose heads the file orders differently: take rows one by one with row()");
    return {type, bytes + first * row_bytes(), count, cols};
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
