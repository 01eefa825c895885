// Finding weights that are NaN or infinite, which only a damaged file has. It takes reading the
// file, so it is for when a result was not finite.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <painters/formats/stored_tensor.hpp>
#include <painters/tensor/dequantize.hpp>
#include <painters/tensor/element_type.hpp>

namespace painters::formats {

/// The first row of a tensor with NaN or infinity in it; empty if there is none, or if the tensor
/// is of a type that we do not read.
inline std::optional<std::size_t> first_row_not_finite(const StoredTensor& tensor) {
  if (!tensor.type || tensor.bytes.empty() || tensor.shape.empty()) return std::nullopt;
  std::vector<float> row(tensor.shape.back());
  const std::size_t bytes = tensor::row_bytes(*tensor.type, row.size());
  for (std::size_t r = 0; r < tensor.bytes.size() / bytes; ++r) {
    tensor::dequantize(*tensor.type, tensor.bytes.data() + r * bytes, row.size(), row.data());
    if (!std::ranges::all_of(row, [](float x) { return std::isfinite(x); })) return r;
  }
  return std::nullopt;
}

/// Where a weight is not finite, for messages: "row 3 of 'blk.1.ffn_down.weight'". Empty if all are
/// finite in the tensors whose name fulfils `is_wanted`.
template <class IsWanted>
std::optional<std::string> place_not_finite(const TensorTable::Map& tensors,
                                            const IsWanted& is_wanted) {
  for (const auto& [name, tensor] : tensors) {
    if (!is_wanted(name)) continue;
    if (const auto row = first_row_not_finite(tensor))
      return (tensor.shape.size() > 1 ? "row " + std::to_string(*row) + " of '" : "'") + name + "'";
  }
  return std::nullopt;
}

}  // namespace painters::formats
