// An affine map: a packed weight with its bias.
#pragma once

#include <string>

#include <painters/backend/concept.hpp>
#include <painters/error.hpp>
#include <painters/tensor/buffer.hpp>

namespace painters::layers {

/// y = W x + bias.
template <backend::Backend B>
struct Linear {
  typename B::PackedWeight weight;  // outputs x inputs
  typename B::Vector bias = {};     // [outputs], or empty

  /// The weight while a layer call needs it; the Linear must outlive it.
  struct Open {
    typename B::OpenWeight weight;   // as in Linear
    const typename B::Vector& bias;  // as in Linear

    /// Computes y [rows, outputs] from x [rows, inputs], in different memory. The lane must come
    /// from a for_row_blocks that was given the weight. Throws Error for another number of biases
    /// than outputs; inputs and outputs of the weight are not checked: its form is the backend's.
    void operator()(typename B::Lane& lane, typename B::ConstMatrix x, typename B::Matrix y) const {
      if (bias.size() != 0 && bias.size() != y.cols)
        throw Error("expected a bias for each of " + std::to_string(y.cols) + " outputs, found " +
                    std::to_string(bias.size()) + " of them");
      lane.product(x, weight, y);
      if (bias.size() != 0) lane.add_bias(y, bias);
    }
  };
  /// The weight in f32 on the host, whatever the file and the backend keep: [outputs, inputs].
  tensor::Buffer values(B& backend) const { return backend.download(weight); }

  /// Makes the weight ready for products.
  Open open(B& backend) const& { return {backend.open(weight), bias}; }
  Open open(B& backend) const&& = delete;  // a weight that ends with the line
};

}  // namespace painters::layers
