// Normalisation of each token's state.
#pragma once

#include <string>

#include <painters/backend/concept.hpp>
#include <painters/error.hpp>

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
  /// Throws Error where the rows are not such runs, or weight and bias differ in length.
  void operator()(typename B::Lane& lane, typename B::ConstMatrix x, typename B::Matrix y) const {
    if (weight.size() == 0 || x.cols % weight.size() != 0 || x.cols != y.cols || x.rows != y.rows)
      throw Error("expected rows of a multiple of " + std::to_string(weight.size()) +
                  " values, as long as the weight of the normalisation, found rows of " +
                  std::to_string(x.cols) + " and " + std::to_string(y.cols) +
                  ": the normalisation belongs to another model");
    if (kind == NormKind::layer && bias.size() != weight.size())
      throw Error("expected as many biases as weights of a LayerNorm, " +
                  std::to_string(weight.size()) + ", found " + std::to_string(bias.size()));
    if (kind == NormKind::rms)
      lane.rms_norm(x, weight, eps, y);
    else
      lane.layer_norm(x, weight, bias, eps, y);
  }
};

}  // namespace painters::layers
