// Root mean square normalisation (Zhang and Sennrich, 2019).
#pragma once

#include <vector>

#include <painters/backend/concept.hpp>
#include <painters/tensor/matrix.hpp>

namespace painters::layers {

/// y = x / sqrt(mean(x^2) + eps) * weight.
struct RmsNorm {
  std::vector<float> weight;  // [hidden_size]
  float eps = 1e-5f;          // added to the mean of squares

  /// y = x / sqrt(mean(x^2) + eps) * weight, for each row; y may be x.
  template <backend::Backend B>
  void operator()(B& backend, tensor::ConstMatrix x, tensor::Matrix y) const {
    backend.rms_norm(x, weight, eps, y);
  }
};

}  // namespace painters::layers
