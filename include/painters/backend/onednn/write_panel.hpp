// From the rows of stored weights to f32 columns, 64 outputs side by side: the layout that products
// read.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>

#include <xsimd/xsimd.hpp>

#include <painters/backend/onednn/isa.hpp>
#include <painters/backend/onednn/kernels.hpp>
#include <painters/tensor/dequantize.hpp>
#include <painters/tensor/weight.hpp>

namespace painters::backend::inline PAINTERS_ISA {
namespace kernels {

/// Outputs of a block of a panel; input i of output o is at i * panel_outputs + o.
inline constexpr std::size_t panel_outputs = 64;

/// 16 numbers as a vector type of GCC and Clang, which split it into several vectors on narrower
/// machines.
using Sixteen [[gnu::vector_size(64)]] = float;

/// to[c * to_stride + r] = from[r * from_stride + c], 16 x 16. A perfect shuffle of row r and row
/// r + 8 into rows 2 r and 2 r + 1 rotates the bits of an element's place by one: four shuffles
/// exchange row and column.
inline void transpose_square(const float* from, std::size_t from_stride, float* to,
                             std::size_t to_stride) {
  Sixteen rows[16], shuffled[16];
  for (std::size_t r = 0; r < 16; ++r)
    std::memcpy(&rows[r], from + r * from_stride, sizeof(Sixteen));
#pragma GCC unroll 4
  for (int step = 0; step < 4; ++step) {
#pragma GCC unroll 8
    for (std::size_t r = 0; r < 8; ++r) {
      shuffled[2 * r] = __builtin_shufflevector(rows[r], rows[r + 8], 0, 16, 1, 17, 2, 18, 3, 19, 4,
                                                20, 5, 21, 6, 22, 7, 23);
      shuffled[2 * r + 1] = __builtin_shufflevector(rows[r], rows[r + 8], 8, 24, 9, 25, 10, 26, 11,
                                                    27, 12, 28, 13, 29, 14, 30, 15, 31);
    }
#pragma GCC unroll 16
    for (std::size_t r = 0; r < 16; ++r) rows[r] = shuffled[r];
  }
  for (std::size_t r = 0; r < 16; ++r) std::memcpy(to + r * to_stride, &rows[r], sizeof(Sixteen));
}

/// Writes panel_outputs outputs of `inputs` elements, a multiple of 16, into one block of a panel.
/// row(o) gives the weight and the row of output o; `values`: room for panel_outputs x at_once
/// elements.
template <class Row>
void write_panel(const Row& row, std::size_t inputs, std::size_t at_once, float* values,
                 float* panel) {
  for (std::size_t first = 0; first < inputs; first += at_once) {
    const std::size_t count = std::min(at_once, inputs - first);
    for (std::size_t o = 0; o < panel_outputs; ++o) {
      const auto& [weight, r] = row(o);
      const std::byte* stored = weight->row(r) + tensor::row_bytes(weight->type, first);
      const std::size_t bytes = tensor::row_bytes(weight->type, count);
      if (first + count < inputs)
        for (std::size_t i = 0; i < bytes; i += 64) __builtin_prefetch(stored + bytes + i);
      tensor::dequantize(weight->type, stored, count, values + o * at_once);
    }
    for (std::size_t i = 0; i < count; i += 16)
      for (std::size_t o = 0; o < panel_outputs; o += 16)
        transpose_square(values + o * at_once + i, at_once, panel + (first + i) * panel_outputs + o,
                         panel_outputs);
  }
}

}  // namespace kernels
}  // namespace painters::backend::inline PAINTERS_ISA
