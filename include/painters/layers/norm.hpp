// Normalisation of each token's state.
#pragma once

#include <painters/backend/concept.hpp>

namespace painters::layers {

/// Which normalisation.
enum class NormKind {
  rms,   // x / sqrt(mean(x^2) + eps) * weight (Zhang and Sennrich, 2019)
  layer  // (x - mean(x)) / sqrt(variance(x) + eps) * weight + bias (Ba et al., 2016)
};

/// A normalisation with its weights.
template <backend::Backend B>
struct Norm {
  typename B::Vector weight;      // [hidden_size], or [head_dim] for each head by itself
  float eps = 1e-5f;              // added under the root
  NormKind kind = NormKind::rms;  // which
  typename B::Vector bias = {};   // as long as the weight for NormKind::layer

  /// Normalises each row of x, or each run of a row that is as long as the weight; y may be x.
  void operator()(typename B::Lane& lane, typename B::ConstMatrix x, typename B::Matrix y) const {
    if (kind == NormKind::rms)
      lane.rms_norm(x, weight, eps, y);
    else
      lane.layer_norm(x, weight, bias, eps, y);
  }
};

}  // namespace painters::layers
