// The gated feed-forward network of Llama (SwiGLU; Shazeer, 2020), normalisation first.
#pragma once

#include <cstddef>

#include <painters/backend/concept.hpp>
#include <painters/layers/rms_norm.hpp>
#include <painters/tensor/matrix.hpp>

namespace painters::layers {

/// x + W_down (silu(W_gate n) * W_up n), n = norm(x).
template <backend::Backend B>
struct SwiGlu {
  RmsNorm norm;                       // before the projections
  typename B::PackedWeight gate_up;   // hidden_size -> gate, then up: 2 intermediate_size
  typename B::PackedWeight down;      // intermediate_size -> hidden_size
  std::size_t intermediate_size = 0;  // rows of gate, and of up

  /// The weights while a layer call needs them.
  struct Open {
    typename B::OpenWeight gate_up, down;  // as in SwiGlu
  };
  /// Makes the weights ready for products.
  Open open(B& backend) const { return {backend.open(gate_up), backend.open(down)}; }

  /// x += down(silu(gate(norm(x))) * up(norm(x))), for a block of rows.
  void add_to(tensor::Matrix x, const Open& weights, B& backend,
              typename B::Workspace& workspace) const {
    const tensor::Matrix normed = workspace.matrix(x.rows, x.cols);
    const tensor::Matrix both = workspace.matrix(x.rows, 2 * intermediate_size);
    const tensor::Matrix inner = workspace.matrix(x.rows, intermediate_size);
    norm(backend, x, normed);
    backend.product(normed, weights.gate_up, both);
    backend.swiglu(both, inner);
    backend.product_add(inner, weights.down, x);
  }
};

}  // namespace painters::layers
