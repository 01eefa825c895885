// A transformer without its weights: what it holds, and what planning needs to know about it.
#pragma once

#include <cstddef>
#include <cstdint>

#include <painters/layers/parts.hpp>
#include <painters/models/model_sizes.hpp>
#include <painters/plan/node.hpp>
#include <painters/tensor/element_type.hpp>

namespace painters::models {

/// Where the logits of tokens come from.
enum class Head : std::uint8_t {
  untied,  // a matrix of its own
  tied,    // the embedding of the tokens (tie_word_embeddings)
  none     // there are none
};

/// What a model of any family costs follows from its sizes and from these properties.
struct ModelShape : ModelSizes {
  std::size_t sliding_window = 0;   // keys that a token sees, its own included; 0: all
  bool is_causal = true;            // a token sees those before it and itself only
  bool gated = true;                // feed-forward network of gate, up and down; else no gate
  bool attention_bias = false;      // of the projections to queries, keys and values
  bool output_bias = false;         // of the attention's output projection
  bool mlp_bias = false;            // of the feed-forward network
  bool layer_norm = false;          // LayerNorm with weight and bias; else RMSNorm
  bool qk_norm = false;             // RMSNorm of each head's queries and keys
  bool learned_positions = false;   // an embedding of max_position_embeddings positions
  std::size_t type_vocab_size = 0;  // token types of BERT; 0: none
  Head head = Head::untied;         // after the last layer
  ///@{ Of BERT's heads.
  bool pooler = false;           // a square matrix for the first token of a text
  std::size_t num_labels = 0;    // rows of a classifier after the pooler; 0: none
  bool transforms_head = false;  // dense layer and LayerNorm before biased logits (masked tokens)
  ///@}

  friend constexpr bool operator==(const ModelShape&, const ModelShape&) = default;
};

/// Elements of the matrices of a layer, or of layers::attention or layers::ffn.
constexpr std::size_t matrix_parameters(const ModelShape& shape, Part part = whole) {
  const std::size_t attended =
      2 * shape.hidden_size * (shape.query_size() + shape.key_value_size());
  const std::size_t fed =
      (shape.gated ? std::size_t{3} : 2) * shape.hidden_size * shape.intermediate_size;
  return (part != layers::ffn ? attended : 0) + (part != layers::attention ? fed : 0);
}

/// Parameters of a layer: matrices, biases and normalisations.
constexpr std::size_t layer_parameters(const ModelShape& shape) {
  std::size_t count = matrix_parameters(shape);
  count += (shape.layer_norm ? std::size_t{4} : 2) * shape.hidden_size;
  if (shape.qk_norm) count += 2 * shape.head_dim;
  if (shape.attention_bias) count += shape.query_size() + 2 * shape.key_value_size();
  if (shape.output_bias) count += shape.hidden_size;
  if (shape.mlp_bias)
    count += shape.hidden_size + (shape.gated ? std::size_t{2} : 1) * shape.intermediate_size;
  return count;
}

/// Parameters of what stands after the layers: nothing for what it shares with the embedding.
constexpr std::size_t head_parameters(const ModelShape& shape) {
  const std::size_t width = shape.hidden_size;
  std::size_t count = shape.head == Head::untied ? shape.vocab_size * width : 0;
  if (shape.transforms_head) count += (width + 1) * width + 2 * width + shape.vocab_size;
  if (shape.pooler) count += (width + 1) * width;
  return count + shape.num_labels * (width + 1);
}

/// Parameters of the model: embeddings, layers, head, and the normalisation after the last layer
/// (for BERT: after the embeddings).
constexpr std::size_t parameters(const ModelShape& shape) {
  const std::size_t positions = shape.learned_positions ? shape.max_position_embeddings : 0;
  const std::size_t embeddings = shape.vocab_size + positions + shape.type_vocab_size;
  return (embeddings + (shape.layer_norm ? std::size_t{2} : 1)) * shape.hidden_size +
         shape.num_hidden_layers * layer_parameters(shape) + head_parameters(shape);
}

/// Bytes of this many parameters in a file, in whole blocks of its type. Files often keep biases
/// and normalisations in f32, which adds less than a thousandth.
constexpr std::size_t weight_bytes(std::size_t parameters, tensor::ElementType type) {
  const tensor::ElementTraits t = tensor::traits(type);
  return (parameters + t.block_elements - 1) / t.block_elements * t.block_bytes;
}

}  // namespace painters::models
