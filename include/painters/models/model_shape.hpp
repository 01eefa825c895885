// The sizes of a transformer, without its weights: what it holds and what planning needs.
#pragma once

#include <cstddef>
#include <cstdint>

#include <painters/layers/parts.hpp>
#include <painters/plan/node.hpp>
#include <painters/tensor/element_type.hpp>

namespace painters::models {

/// What stands after the last layer.
enum class Head : std::uint8_t {
  untied,  // logits from a matrix of its own
  tied,    // logits from the embedding of the tokens (tie_word_embeddings)
  pooler,  // of BERT: one square matrix, for the first token of a text
  none     // of encoders of sentences
};

/// Llama, Mistral, Qwen2, Qwen3, GPT-NeoX or BERT by its sizes. The names are those of Hugging
/// Face's config.json where it has one.
struct ModelShape {
  std::size_t num_hidden_layers = 0;    // T of the paper
  std::size_t hidden_size = 0;          // columns of a state
  std::size_t intermediate_size = 0;    // of the feed-forward network
  std::size_t num_attention_heads = 0;  // of queries
  std::size_t num_key_value_heads = 0;  // divides num_attention_heads
  std::size_t head_dim = 0;             // columns of a head
  std::size_t vocab_size = 0;           // rows of the embedding
  std::size_t learned_positions = 0;    // rows of a position embedding; 0 with rotary embedding
  std::size_t type_vocab_size = 0;      // token types of BERT; 0: none
  std::size_t sliding_window = 0;       // keys that a token sees, its own included; 0: all
  bool is_causal = true;                // a token sees those before it and itself only
  bool is_gated = true;                 // feed-forward of gate, up and down, not up and down only
  bool query_key_value_bias = false;    // biases of these projections
  bool bias = false;                    // of the output projection and the feed-forward network
  bool layer_norm = false;              // LayerNorm with weight and bias; else RMSNorm
  bool query_key_norm = false;          // RMSNorm of each head's queries and keys (Qwen3)
  Head head = Head::untied;             // after the last layer

  /// Columns of all queries.
  constexpr std::size_t query_size() const { return num_attention_heads * head_dim; }
  /// Columns of all keys, and of all values.
  constexpr std::size_t key_value_size() const { return num_key_value_heads * head_dim; }

  friend constexpr bool operator==(const ModelShape&, const ModelShape&) = default;
};

/// Elements of the matrices of a layer, or of layers::attention or layers::ffn.
constexpr std::size_t matrix_parameters(const ModelShape& shape, Part part = whole) {
  const std::size_t attended =
      2 * shape.hidden_size * (shape.query_size() + shape.key_value_size());
  const std::size_t fed =
      (shape.is_gated ? std::size_t{3} : 2) * shape.hidden_size * shape.intermediate_size;
  return (part != layers::ffn ? attended : 0) + (part != layers::attention ? fed : 0);
}

/// Parameters of a layer: matrices, biases and two normalisations.
constexpr std::size_t layer_parameters(const ModelShape& shape) {
  std::size_t count = matrix_parameters(shape);
  count += (shape.layer_norm ? std::size_t{4} : 2) * shape.hidden_size;
  if (shape.query_key_norm) count += 2 * shape.head_dim;
  if (shape.query_key_value_bias) count += shape.query_size() + 2 * shape.key_value_size();
  if (shape.bias)
    count +=
        2 * shape.hidden_size + (shape.is_gated ? std::size_t{2} : 1) * shape.intermediate_size;
  return count;
}

/// Parameters of the head: nothing for what it shares with the embedding.
constexpr std::size_t head_parameters(const ModelShape& shape) {
  switch (shape.head) {
    case Head::untied:
      return shape.vocab_size * shape.hidden_size;
    case Head::pooler:
      return (shape.hidden_size + 1) * shape.hidden_size;
    case Head::tied:
    case Head::none:
      break;
  }
  return 0;
}

/// Parameters of the model: embeddings, layers, head, and the normalisation after the last layer
/// (of BERT: of the embeddings).
constexpr std::size_t parameters(const ModelShape& shape) {
  const std::size_t embeddings = shape.vocab_size + shape.learned_positions + shape.type_vocab_size;
  return (embeddings + (shape.layer_norm ? std::size_t{2} : 1)) * shape.hidden_size +
         shape.num_hidden_layers * layer_parameters(shape) + head_parameters(shape);
}

/// Bytes of so many parameters in a file's precision, whole blocks. Files often keep biases and
/// normalisations in f32, which adds less than a thousandth.
constexpr std::size_t weight_bytes(std::size_t parameters, tensor::ElementType type) {
  const tensor::ElementTraits t = tensor::traits(type);
  return (parameters + t.block_elements - 1) / t.block_elements * t.block_bytes;
}

/// Bytes of the states of so many tokens, f32, before or after a layer.
constexpr std::size_t state_bytes(const ModelShape& shape, std::size_t tokens) {
  return tokens * shape.hidden_size * sizeof(float);
}

}  // namespace painters::models
