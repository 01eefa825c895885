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
  NormWeights attention_norm;  // before attention, or after it, as the block has it
  NormWeights query_norm;      // of each head: QK-norm
  NormWeights key_norm;        // likewise
  LinearWeights query;         // of attention
  LinearWeights key;           // likewise
  LinearWeights value;         // likewise
  LinearWeights output;        // likewise
  NormWeights ffn_norm;        // of feed-forward
  LinearWeights gate;          // unless the network is not gated
  LinearWeights up;            // of feed-forward
  LinearWeights down;          // likewise
};

}  // namespace painters::layers
