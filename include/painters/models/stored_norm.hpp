// A normalisation as a model's file has it.
#pragma once

#include <utility>
#include <vector>

#include <painters/backend/concept.hpp>
#include <painters/layers/norm.hpp>

namespace painters::models {

/// Its weights in f32, wherever the model will run.
struct StoredNorm {
  std::vector<float> weight;                      // [hidden_size] or [head_dim]
  float eps = 1e-5f;                              // added under the root
  layers::NormKind kind = layers::NormKind::rms;  // which
  std::vector<float> bias = {};                   // as long as the weight for NormKind::layer
};

/// Ready for a backend.
template <backend::Backend B>
layers::Norm norm(B& /*backend*/, StoredNorm stored) {
  return {std::move(stored.weight), stored.eps, stored.kind, std::move(stored.bias)};
}

}  // namespace painters::models
