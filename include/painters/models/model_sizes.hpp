// The sizes that every transformer has, whether read from a file or known by name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

#include <painters/error.hpp>

namespace painters::models {

/// The names are those of Hugging Face's config.json.
struct ModelSizes {
  std::size_t num_hidden_layers = 0;        // T of the paper
  std::size_t hidden_size = 0;              // columns of a state
  std::size_t intermediate_size = 0;        // of the feed-forward network
  std::size_t num_attention_heads = 0;      // of queries
  std::size_t num_key_value_heads = 0;      // divides num_attention_heads
  std::size_t head_dim = 0;                 // columns of a head
  std::size_t vocab_size = 0;               // tokens, rows of the embedding
  std::size_t max_position_embeddings = 0;  // the longest text that the model is made for

  /// Columns of all queries.
  constexpr std::size_t query_size() const { return num_attention_heads * head_dim; }
  /// Columns of all keys, and of all values.
  constexpr std::size_t key_value_size() const { return num_key_value_heads * head_dim; }

  friend constexpr bool operator==(const ModelSizes&, const ModelSizes&) = default;
};

/// Throws Error unless the sizes make a model and their products can be counted. `place` says where
/// they are from, `family` what the model is taken for.
inline void check_sizes(const ModelSizes& sizes, const std::string& family,
                        const std::string& place) {
  const auto require = [&](bool holds, const std::string& expected, const std::string& found) {
    if (!holds)
      throw Error("expected " + expected + " in " + place + ", found " + found + "; is this a " +
                  family + " model?");
  };
  const auto check = [&](const char* name, std::size_t value, std::size_t most = 1u << 24) {
    require(value >= 1 && value <= most, std::string(name) + " of 1 to " + std::to_string(most),
            std::to_string(value));
  };
  check("num_hidden_layers", sizes.num_hidden_layers, std::numeric_limits<std::uint16_t>::max());
  check("hidden_size", sizes.hidden_size);
  check("intermediate_size", sizes.intermediate_size);
  check("num_attention_heads", sizes.num_attention_heads);
  check("num_key_value_heads", sizes.num_key_value_heads);
  check("head_dim", sizes.head_dim, 1u << 16);
  check("vocab_size", sizes.vocab_size);
  check("max_position_embeddings", sizes.max_position_embeddings);
  require(sizes.num_attention_heads % sizes.num_key_value_heads == 0,
          "attention heads that are a multiple of the key-value heads",
          std::to_string(sizes.num_attention_heads) + " and " +
              std::to_string(sizes.num_key_value_heads));
  check("columns of all heads", sizes.query_size());
}

/// Columns of a head where the file does not say: the heads share the hidden size. Throws Error
/// unless they can; 0 without heads, which check_sizes refuses.
inline std::size_t shared_head_dim(const ModelSizes& sizes, const std::string& place) {
  if (sizes.num_attention_heads == 0) return 0;
  if (sizes.hidden_size % sizes.num_attention_heads != 0)
    throw Error("expected a hidden_size that is a multiple of the attention heads in " + place +
                ", which does not say head_dim, found hidden_size " +
                std::to_string(sizes.hidden_size) + " and " +
                std::to_string(sizes.num_attention_heads) + " heads; the configuration is damaged");
  return sizes.hidden_size / sizes.num_attention_heads;
}

}  // namespace painters::models
