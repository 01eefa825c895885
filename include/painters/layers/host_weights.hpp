// The weights of a block in f32 on the host, whatever the file and the backend keep.
#pragma once

#include <vector>

#include <painters/tensor/buffer.hpp>

namespace painters::layers {

/// y = W x + bias.
struct LinearWeights {
  tensor::Buffer weight;    // [outputs, inputs]
  std::vector<float> bias;  // [outputs], or empty
};

/// See Norm.
struct NormWeights {
  std::vector<float> weight, bias;  // [hidden_size], or [head_dim] for queries and keys; or empty
};

/// What a block computes with. What it lacks is empty.
struct BlockWeights {
  NormWeights attention_norm, query_norm, key_norm;  // the last two are of each head: QK-norm
  LinearWeights query, key, value, output;           // of attention
  NormWeights ffn_norm;                              // of feed-forward
  LinearWeights gate, up, down;                      // likewise; no gate unless it is gated
};

}  // namespace painters::layers
