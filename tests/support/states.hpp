// Hidden states of any backend as tests make and read them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include <painters/backend/concept.hpp>
#include <painters/layers/hidden_states.hpp>
#include <painters/tensor/buffer.hpp>
#include <painters/tensor/packed_batch.hpp>

#include "support/random.hpp"

namespace support {

/// A host matrix of these values, row after row.
inline painters::tensor::Buffer of_values(std::size_t rows, std::size_t cols,
                                          const std::vector<float>& values) {
  painters::tensor::Buffer result(rows, cols);
  std::copy(values.begin(), values.end(), result.data());
  return result;
}

/// States of random values.
template <painters::backend::Backend B>
painters::layers::HiddenStates<B> random_states(B& backend,
                                                const painters::tensor::PackedBatch& batch,
                                                std::size_t hidden_size, Random& random) {
  painters::layers::HiddenStates<B> x(backend, batch, hidden_size);
  const auto values =
      of_values(batch.rows(), hidden_size, random.normals(batch.rows() * hidden_size));
  backend.upload(values.view(), x.values());
  return x;
}

}  // namespace support
