// Normalisation of each token's state.
#pragma once

#include <vector>

#include <painters/backend/concept.hpp>
#include <painters/tensor/matrix.hpp>

namespace painters::layers {

/// Which normalisation.
enum class NormKind {
  rms,   // x / sqrt(mean(x^2) + eps) * weight (Zhang and Sennrich, 2019)
  layer  // (x - mean(x)) / sqrt(variance(x) + eps) * weight + bias (Ba et al., 2016)
};

/// A normalisation with its weights.
struct Norm {
  std::vector<float> weight;      // [hidden_size], or [head_dim] for each head by itself
  float eps = 1e-5f;              // added under the root
  NormKind kind = NormKind::rms;  // which
  std::vector<float> bias = {};   // as long as the weight for NormKind::layer

  /// Each row of x normalised, or each run of a row that is as long as the weight; y may be x.
  template <backend::Backend B>
  void operator()(B& backend, tensor::ConstMatrix x, tensor::Matrix y) const {
    if (kind == NormKind::rms)
      backend.rms_norm(x, weight, eps, y);
    else
      backend.layer_norm(x, weight, bias, eps, y);
  }
};

}  // namespace painters::layers
