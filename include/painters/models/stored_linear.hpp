// The parts of a layers::Linear as a model's file has them.
#pragma once

#include <utility>
#include <vector>

#include <painters/backend/concept.hpp>
#include <painters/layers/linear.hpp>
#include <painters/tensor/weight.hpp>

namespace painters::models {

/// Matrices with the same inputs, stacked.
struct StoredLinear {
  tensor::StackedWeight weight;  // points into the file
  std::vector<float> bias;       // of all of them, or empty
};

/// Ready for a backend, which packs the weight.
template <backend::Backend B>
layers::Linear<B> linear(B& backend, StoredLinear stored) {
  return {backend.pack(std::move(stored.weight)), backend.vector(stored.bias)};
}

}  // namespace painters::models
