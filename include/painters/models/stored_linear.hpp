// The parts of a layers::Linear as a model's file has them.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <painters/backend/concept.hpp>
#include <painters/layers/linear.hpp>
#include <painters/models/model_file.hpp>
#include <painters/tensor/weight.hpp>

namespace painters::models {

/// Matrices with the same inputs, stacked.
struct StoredLinear {
  tensor::StackedWeight weight;  // points into the file
  std::vector<float> bias;       // of all of them, or empty

  /// Appends name.weight [rows, cols], and name.bias if `has_bias`; `order` says where the file has
  /// the rows. Throws Error if there is no tensor of that name and shape.
  void add(const ModelFile& file, const std::string& name, std::size_t rows, std::size_t cols,
           bool has_bias, const tensor::HeadRows& order = {}) {
    weight.push_back(file.matrix(name + ".weight", rows, cols));
    weight.back().order = order;
    if (!has_bias) return;
    const std::vector<float> more = file.vector(name + ".bias", rows, order);
    bias.insert(bias.end(), more.begin(), more.end());
  }
};

/// Ready for a backend, which packs the weight.
template <backend::Backend B>
layers::Linear<B> linear(B& backend, StoredLinear stored) {
  return {backend.pack(std::move(stored.weight)), backend.vector(stored.bias)};
}

}  // namespace painters::models
