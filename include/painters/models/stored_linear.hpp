// The parts of a layers::Linear as a model's file has them.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <painters/backend/concept.hpp>
#include <painters/error.hpp>
#include <painters/layers/linear.hpp>
#include <painters/tensor/weight.hpp>

namespace painters::models {

/// Matrices with the same inputs, stacked.
struct StoredLinear {
  tensor::StackedWeight weight;  // points into the file
  std::vector<float> bias;       // of all of them, or empty
};

/// Ready for a backend, which packs the weight. Throws Error unless there are matrices, all with
/// the same inputs, and biases for all outputs or none.
template <backend::Backend B>
layers::Linear<B> linear(B& backend, StoredLinear stored) {
  std::size_t outputs = 0;
  for (const tensor::Weight& weight : stored.weight) {
    outputs += weight.rows;
    if (weight.cols != stored.weight.front().cols)
      throw Error("expected stacked matrices with as many inputs each, found " +
                  std::to_string(stored.weight.front().cols) + " and " +
                  std::to_string(weight.cols));
  }
  if (outputs == 0) throw Error("expected at least one output of a linear map, found none");
  if (!stored.bias.empty() && stored.bias.size() != outputs)
    throw Error("expected a bias for each of " + std::to_string(outputs) + " outputs, found " +
                std::to_string(stored.bias.size()));
  return {backend.pack(std::move(stored.weight)), backend.vector(stored.bias)};
}

}  // namespace painters::models
