// An affine map: a packed weight with its bias.
#pragma once

#include <span>
#include <vector>

#include <painters/backend/concept.hpp>
#include <painters/tensor/matrix.hpp>

namespace painters::layers {

/// y = W x + bias.
template <backend::Backend B>
struct Linear {
  typename B::PackedWeight weight;  // outputs x inputs
  std::vector<float> bias = {};     // [outputs], or empty

  /// The weight while a layer call needs it; the Linear must outlive it.
  struct Open {
    typename B::OpenWeight weight;  // as in Linear
    std::span<const float> bias;    // as in Linear

    /// y [rows, outputs] of x [rows, inputs], memory of its own.
    void operator()(B& backend, tensor::ConstMatrix x, tensor::Matrix y) const {
      backend.product(x, weight, y);
      if (!bias.empty()) backend.add_bias(y, bias);
    }
  };
  /// Makes the weight ready for products.
  Open open(B& backend) const { return {backend.open(weight), bias}; }
};

}  // namespace painters::layers
