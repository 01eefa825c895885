// Row-major views of f32 matrices; the rows of hidden states are tokens.
#pragma once

#include <cassert>
#include <cstddef>
#include <type_traits>

namespace painters::tensor {

/// A view of `rows` x `cols` elements, row r beginning at data + r * stride (in elements). Owns
/// nothing.
template <class T>
struct BasicMatrix {
  T* data = nullptr;
  std::size_t rows = 0;
  std::size_t cols = 0;
  std::size_t stride = 0;

  constexpr BasicMatrix() = default;
  constexpr BasicMatrix(T* d, std::size_t r, std::size_t c, std::size_t s)
      : data(d), rows(r), cols(c), stride(s) {}
  constexpr BasicMatrix(T* d, std::size_t r, std::size_t c) : BasicMatrix(d, r, c, c) {}

  constexpr operator BasicMatrix<const T>() const requires(!std::is_const_v<T>) {
    return {data, rows, cols, stride};
  }

  constexpr T* row(std::size_t r) const {
    assert(r < rows);
    return data + r * stride;
  }
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

using Matrix = BasicMatrix<float>;
using ConstMatrix = BasicMatrix<const float>;

}  // namespace painters::tensor
