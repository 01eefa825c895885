// The shape of attention over a packed batch, the same for every backend.
#pragma once

#include <cstddef>

namespace painters::backend {

/// Grouped-query attention: query head h reads key-value head h / (num_attention_heads /
/// num_key_value_heads).
struct AttentionShape {
  std::size_t num_attention_heads = 0;  // of queries
  std::size_t num_key_value_heads = 0;  // divides num_attention_heads
  std::size_t head_dim = 0;             // columns of a head
  bool causal = true;                   // a token sees those before it and itself only
  std::size_t window = 0;               // of these the last so many, its own included; 0: all

  /// Whether the token at position `query` of a text sees that at position `key` of the same text.
  bool sees(std::size_t query, std::size_t key) const {
    return !causal || (key <= query && (window == 0 || query - key < window));
  }
  /// Columns of all queries.
  std::size_t query_size() const { return num_attention_heads * head_dim; }
  /// Columns of all keys, and of all values.
  std::size_t key_value_size() const { return num_key_value_heads * head_dim; }
  /// How many query heads share a key-value head.
  std::size_t group() const { return num_attention_heads / num_key_value_heads; }
};

}  // namespace painters::backend
