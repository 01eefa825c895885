// The small dense product inside attention: C[m, n] (+)= A[m, k] B[k, n] in registers.
#pragma once

#include <cassert>
#include <cstddef>

#include <painters/backend/onednn/kernels.hpp>

namespace painters::backend::inline PAINTERS_ISA {
namespace kernels {

/// Rows and vectors of a tile: as many accumulators as the register file holds besides the
/// operands.
inline constexpr std::size_t tile_rows = 6;
inline constexpr std::size_t tile_vectors = lanes >= 16 ? 4 : 2;

/// A, read element by element, so that it may be transposed: element (r, i) is at data + r * row +
/// i * col.
struct LeftOperand {
  const float* data;
  std::size_t row, col;
};

/// One tile of Rows x (Vectors * lanes). The leading dimensions are in elements.
template <std::size_t Rows, std::size_t Vectors>
inline void tile(LeftOperand a, const float* b, std::size_t ldb, std::size_t k, float* c,
                 std::size_t ldc, bool accumulate) {
  Vec sum[Rows][Vectors];
  for (std::size_t r = 0; r < Rows; ++r)
    for (std::size_t v = 0; v < Vectors; ++v)
      sum[r][v] = accumulate ? Vec::load_unaligned(c + r * ldc + v * lanes) : Vec(0.0f);
  for (std::size_t i = 0; i < k; ++i) {
    Vec right[Vectors];
    for (std::size_t v = 0; v < Vectors; ++v)
      right[v] = Vec::load_unaligned(b + i * ldb + v * lanes);
    for (std::size_t r = 0; r < Rows; ++r) {
      const Vec left(a.data[r * a.row + i * a.col]);
      for (std::size_t v = 0; v < Vectors; ++v) sum[r][v] = xsimd::fma(left, right[v], sum[r][v]);
    }
  }
  for (std::size_t r = 0; r < Rows; ++r)
    for (std::size_t v = 0; v < Vectors; ++v) sum[r][v].store_unaligned(c + r * ldc + v * lanes);
}

template <std::size_t Vectors>
inline void tile_of_rows(std::size_t rows, LeftOperand a, const float* b, std::size_t ldb,
                         std::size_t k, float* c, std::size_t ldc, bool accumulate) {
  switch (rows) {
    case 1:
      return tile<1, Vectors>(a, b, ldb, k, c, ldc, accumulate);
    case 2:
      return tile<2, Vectors>(a, b, ldb, k, c, ldc, accumulate);
    case 3:
      return tile<3, Vectors>(a, b, ldb, k, c, ldc, accumulate);
    case 4:
      return tile<4, Vectors>(a, b, ldb, k, c, ldc, accumulate);
    case 5:
      return tile<5, Vectors>(a, b, ldb, k, c, ldc, accumulate);
    default:
      return tile<tile_rows, Vectors>(a, b, ldb, k, c, ldc, accumulate);
  }
}

/// C[m, n] (+)= A[m, k] B[k, n]; B and C row-major, n a multiple of `lanes`.
inline void small_product(std::size_t m, std::size_t n, std::size_t k, LeftOperand a,
                          const float* b, std::size_t ldb, float* c, std::size_t ldc,
                          bool accumulate) {
  assert(n % lanes == 0);
  for (std::size_t r = 0; r < m; r += tile_rows) {
    const std::size_t rows = m - r < tile_rows ? m - r : tile_rows;
    const LeftOperand left{a.data + r * a.row, a.row, a.col};
    float* out = c + r * ldc;
    std::size_t j = 0;
    for (; j + tile_vectors * lanes <= n; j += tile_vectors * lanes)
      tile_of_rows<tile_vectors>(rows, left, b + j, ldb, k, out + j, ldc, accumulate);
    for (; j < n; j += lanes) tile_of_rows<1>(rows, left, b + j, ldb, k, out + j, ldc, accumulate);
  }
}

}  // namespace kernels
}  // namespace painters::backend::inline PAINTERS_ISA
