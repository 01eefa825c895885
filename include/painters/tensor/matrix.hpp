// Row-major views of f32 matrices; the rows of hidden states are tokens.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <type_traits>

namespace painters::tensor {

/// A view of `rows` x `cols` elements, row r beginning at data + r * stride (in elements). Owns
/// nothing.
template <class T>
struct BasicMatrix {
  T* data = nullptr;       // the first element
  std::size_t rows = 0;    // tokens, or outputs
  std::size_t cols = 0;    // elements of a row
  std::size_t stride = 0;  // elements from a row to the next

  constexpr BasicMatrix() = default;
  /// `r` x `c` elements at `d`, rows `s` elements apart.
  constexpr BasicMatrix(T* d, std::size_t r, std::size_t c, std::size_t s)
      : data(d), rows(r), cols(c), stride(s) {}
  /// `r` x `c` elements at `d` without gaps.
  constexpr BasicMatrix(T* d, std::size_t r, std::size_t c) : BasicMatrix(d, r, c, c) {}

  /// The same elements, not to be changed.
  constexpr operator BasicMatrix<const T>() const requires(!std::is_const_v<T>) {
    return {data, rows, cols, stride};
  }

  /// The first element of row r.
  constexpr T* row(std::size_t r) const {
    assert(r < rows);
    return data + r * stride;
  }
  /// Element c of row r.
  constexpr T& operator()(std::size_t r, std::size_t c) const { return row(r)[c]; }

  /// Rows first .. first + count - 1.
  constexpr BasicMatrix middle_rows(std::size_t first, std::size_t count) const {
    assert(first + count <= rows);
    return {data + first * stride, count, cols, stride};
  }
  /// Columns first .. first + count - 1 of every row.
  constexpr BasicMatrix middle_cols(std::size_t first, std::size_t count) const {
    assert(first + count <= cols);
    return {data + first, rows, count, stride};
  }
};

using Matrix = BasicMatrix<float>;             // what operations write
using ConstMatrix = BasicMatrix<const float>;  // what they read

/// Every element becomes `value`.
inline void fill(Matrix x, float value) {
  for (std::size_t r = 0; r < x.rows; ++r) std::fill_n(x.row(r), x.cols, value);
}

/// y = x, which has the same shape.
inline void copy(ConstMatrix x, Matrix y) {
  assert(x.rows == y.rows && x.cols == y.cols);
  for (std::size_t r = 0; r < x.rows; ++r) std::copy_n(x.row(r), x.cols, y.row(r));
}

/// x += a y; y has the same shape, or one row, which is added to every row of x.
inline void add(Matrix x, float a, ConstMatrix y) {
  assert((y.rows == 1 || x.rows == y.rows) && x.cols == y.cols);
  for (std::size_t r = 0; r < x.rows; ++r)
    for (std::size_t c = 0; c < x.cols; ++c) x(r, c) += a * y(y.rows == 1 ? 0 : r, c);
}

}  // namespace painters::tensor
