// Matrix views as Eigen sees them. Nothing is copied.
#pragma once

#include <Eigen/Core>

#include <painters/tensor/matrix.hpp>

namespace painters::tensor {

/// An owned matrix, row after row.
using EigenMatrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
/// A view whose rows may have gaps between them.
using EigenMap = Eigen::Map<EigenMatrix, Eigen::Unaligned, Eigen::OuterStride<>>;
/// The same for elements that must not change.
using ConstEigenMap = Eigen::Map<const EigenMatrix, Eigen::Unaligned, Eigen::OuterStride<>>;

/// The same elements as an Eigen matrix, rows x cols; lives as long as the memory behind the view.
inline EigenMap as_eigen(Matrix m) {
  return {m.data, static_cast<Eigen::Index>(m.rows), static_cast<Eigen::Index>(m.cols),
          Eigen::OuterStride<>(static_cast<Eigen::Index>(m.stride))};
}
/// The same for a view of const elements.
inline ConstEigenMap as_eigen(ConstMatrix m) {
  return {m.data, static_cast<Eigen::Index>(m.rows), static_cast<Eigen::Index>(m.cols),
          Eigen::OuterStride<>(static_cast<Eigen::Index>(m.stride))};
}

}  // namespace painters::tensor
