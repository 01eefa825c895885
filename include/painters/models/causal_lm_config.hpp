// The configuration of a causal language model of any family, and what its tensors are called.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <painters/backend/activation.hpp>
#include <painters/error.hpp>
#include <painters/layers/norm.hpp>
#include <painters/layers/transformer_block.hpp>
#include <painters/models/rope.hpp>

namespace painters::models {

/// The names are those of Hugging Face's config.json where it has them.
struct CausalLmConfig {
  std::string model_type;                         // the family: "llama", "gpt_neox", ...
  std::size_t num_hidden_layers = 0;              // T of the paper
  std::size_t hidden_size = 0;                    // columns of a state
  std::size_t intermediate_size = 0;              // of the feed-forward network
  std::size_t num_attention_heads = 0;            // of queries
  std::size_t num_key_value_heads = 0;            // divides num_attention_heads
  std::size_t head_dim = 0;                       // columns of a head
  std::size_t vocab_size = 0;                     // tokens, rows of the embedding
  std::size_t max_position_embeddings = 0;        // the longest text that the model was made for
  double norm_eps = 1e-5;                         // rms_norm_eps or layer_norm_eps
  layers::NormKind norm = layers::NormKind::rms;  // of every normalisation
  layers::Arrangement arrangement = layers::Arrangement::pre_norm;  // of every block
  backend::Activation hidden_act = backend::Activation::silu;       // of the feed-forward
  bool gated = true;                 // whether the feed-forward network is gated
  Rope rope;                         // of queries and keys
  bool attention_bias = false;       // of the projections to queries, keys and values
  bool output_bias = false;          // of the attention's output projection
  bool mlp_bias = false;             // of the feed-forward network
  bool qk_norm = false;              // whether heads of queries and keys are normalised
  bool tie_word_embeddings = false;  // whether the head is the embedding
  /// Tokens that a token sees in each layer, its own included; 0: all. Empty: all in all layers.
  std::vector<std::size_t> sliding_windows;
};

/// What tensors are called without ".weight" and ".bias", {} for the layer's number; null for what
/// a family lacks.
struct CausalLmNames {
  ///@{ Of the model.
  const char *embedding = nullptr, *final_norm = nullptr, *head = nullptr;
  ///@}
  ///@{ Of a layer's attention: separate projections, or one for all three.
  const char *attention_norm = nullptr, *query = nullptr, *key = nullptr, *value = nullptr;
  const char *query_key_value = nullptr, *output = nullptr;
  ///@}
  ///@{ Of the heads, where the model normalises them.
  const char *query_norm = nullptr, *key_norm = nullptr;
  ///@}
  ///@{ Of a layer's feed-forward network.
  const char *ffn_norm = nullptr, *gate = nullptr, *up = nullptr, *down = nullptr;
  ///@}
  bool interleaved_rotary = false;  // queries and keys as GGUF has them for Llama
  bool fused_by_head = false;  // query_key_value: query, key and value of a head, then the next
};

/// Throws Error unless the sizes make a model; `place` says where they are from.
inline void check_sizes(const CausalLmConfig& config, const std::string& place) {
  const auto require = [&](bool holds, const std::string& expected, const std::string& found) {
    if (!holds)
      throw Error("expected " + expected + " in " + place + ", found " + found + "; is this a " +
                  config.model_type + " model?");
  };
  const auto size = [&](const char* name, std::size_t value, std::size_t most = 1u << 24) {
    require(value >= 1 && value <= most, std::string(name) + " of 1 to " + std::to_string(most),
            std::to_string(value));
  };
  size("num_hidden_layers", config.num_hidden_layers, std::numeric_limits<std::uint16_t>::max());
  size("hidden_size", config.hidden_size);
  size("intermediate_size", config.intermediate_size);
  size("num_attention_heads", config.num_attention_heads);
  size("num_key_value_heads", config.num_key_value_heads);
  size("head_dim", config.head_dim, 1u << 16);
  size("vocab_size", config.vocab_size);
  size("max_position_embeddings", config.max_position_embeddings);
  require(config.num_attention_heads % config.num_key_value_heads == 0,
          "attention heads that are a multiple of the key-value heads",
          std::to_string(config.num_attention_heads) + " and " +
              std::to_string(config.num_key_value_heads));
}

/// Throws Error unless `eps` can be a normalisation's; `place` says where it is from.
inline void check_norm_eps(double eps, const std::string& place) {
  if (!(eps > 0 && eps < 1))
    throw Error("expected a norm eps between 0 and 1 in " + place + ", found " +
                std::to_string(eps) + "; the configuration is damaged");
}

/// The activation that config.json calls so; throws Error for others.
inline backend::Activation activation_named(const std::string& name, const std::string& place) {
  using backend::Activation;
  if (name == "silu" || name == "swish") return Activation::silu;
  if (name == "gelu") return Activation::gelu;
  if (name == "gelu_new" || name == "gelu_fast" || name == "gelu_pytorch_tanh")
    return Activation::gelu_tanh;
  if (name == "relu") return Activation::relu;
  if (name == "tanh") return Activation::tanh;
  throw Error("expected \"hidden_act\" in " + place +
              " to be silu, gelu, gelu_new, gelu_fast, gelu_pytorch_tanh, relu or tanh, found \"" +
              name + "\"; such models cannot be run");
}

}  // namespace painters::models
