// Matrix views as xtensor sees them. Nothing is copied.
#pragma once

#include <array>

#if __has_include(<xtensor/containers/xadapt.hpp>)  // xtensor 0.26 moved its headers
#include <xtensor/containers/xadapt.hpp>
#else
#include <xtensor/xadapt.hpp>
#endif

#include <painters/tensor/matrix.hpp>

namespace painters::tensor {

/// The same elements as an xtensor expression of shape [rows, cols]; lives as long as the memory
/// behind the view.
template <class T>
auto as_xtensor(BasicMatrix<T> m) {
  const std::array<std::size_t, 2> shape{m.rows, m.cols};
  const std::array<std::ptrdiff_t, 2> strides{static_cast<std::ptrdiff_t>(m.stride), 1};
  // The number that xtensor wants here is that of the elements, without the memory between the
  // rows.
  return xt::adapt(m.data, m.rows * m.cols, xt::no_ownership(), shape, strides);
}

}  // namespace painters::tensor
