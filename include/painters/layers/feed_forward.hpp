// The feed-forward network of a transformer, plain or gated (Shazeer, 2020).
#pragma once

#include <cstddef>

#include <painters/backend/activation.hpp>
#include <painters/backend/concept.hpp>
#include <painters/layers/linear.hpp>
#include <painters/layers/taps.hpp>

namespace painters::layers {

/// W_down f(W_up x), or gated W_down (f(W_gate x) * W_up x); SwiGLU is gated with silu.
template <backend::Backend B>
struct FeedForward {
  Linear<B> up;    // hidden_size -> intermediate_size; gated: gate, then up, twice as many outputs
  Linear<B> down;  // intermediate_size -> hidden_size
  std::size_t intermediate_size = 0;                           // inputs of `down`
  backend::Activation activation = backend::Activation::silu;  // f
  bool gated = true;                                           // see above

  /// The weights while a layer call needs them.
  struct Open {
    typename Linear<B>::Open up, down;  // as in FeedForward
  };
  /// Makes the weights ready for products.
  Open open(B& backend) const { return {up.open(backend), down.open(backend)}; }

  /// Computes y [rows, hidden_size] from x [rows, hidden_size], in different memory, for a block of
  /// rows, which has all rows where there are taps.
  void operator()(typename B::Lane& lane, const Open& weights, typename B::ConstMatrix x,
                  typename B::Matrix y, const MaybeTaps<B>& tap) const {
    const typename B::Matrix inner = lane.matrix(x.rows, intermediate_size);
    if (gated) {
      const typename B::Matrix both = lane.matrix(x.rows, 2 * intermediate_size);
      weights.up(lane, x, both);
      tap(HookPoint::pre, both.middle_cols(0, intermediate_size));
      tap(HookPoint::pre_linear, both.middle_cols(intermediate_size, intermediate_size));
      lane.gate(activation, both, inner);
    } else {
      weights.up(lane, x, inner);
      tap(HookPoint::pre, inner);
      lane.activate(activation, inner);
    }
    tap(HookPoint::post, inner);
    weights.down(lane, inner, y);
  }
};

}  // namespace painters::layers
