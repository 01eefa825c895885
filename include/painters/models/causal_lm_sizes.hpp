// The sizes of a causal language model, which all families say in the same words.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include <painters/error.hpp>
#include <painters/formats/json.hpp>
#include <painters/models/causal_lm_config.hpp>
#include <painters/models/gguf_keys.hpp>
#include <painters/models/model_file.hpp>

namespace painters::models {

namespace detail {

/// Columns of a head where no file says them: heads share the hidden size.
inline std::size_t shared_head_dim(const CausalLmConfig& c, const std::string& place) {
  if (c.num_attention_heads == 0) return 0;  // check() says it
  if (c.hidden_size % c.num_attention_heads != 0)
    throw Error("expected a hidden_size that the heads share evenly in " + place +
                ", which says no size of a head, found hidden_size " +
                std::to_string(c.hidden_size) + " and " + std::to_string(c.num_attention_heads) +
                " heads; the configuration is damaged");
  return c.hidden_size / c.num_attention_heads;
}

}  // namespace detail

/// `c`: what the family has where config.json is silent; num_key_value_heads and head_dim are 0
/// where they then follow from the other sizes, as they do where config.json says null. Throws
/// Error if a size is missing or not a number, or if the sizes do not make a model.
inline void read_sizes(const formats::JsonObject& json, CausalLmConfig& c) {
  const auto find = [&](const char* key, std::size_t default_value) {
    const bool is_silent = !json.contains(key) && default_value != 0;
    return is_silent ? std::optional(default_value) : json.find<std::size_t>(key);
  };
  c.num_hidden_layers = json.get<std::size_t>("num_hidden_layers");
  c.hidden_size = json.get<std::size_t>("hidden_size");
  c.intermediate_size = json.get<std::size_t>("intermediate_size");
  c.num_attention_heads = json.get<std::size_t>("num_attention_heads");
  c.num_key_value_heads =
      find("num_key_value_heads", c.num_key_value_heads).value_or(c.num_attention_heads);
  const auto head_dim = find("head_dim", c.head_dim);
  c.head_dim = head_dim ? *head_dim : detail::shared_head_dim(c, json.place());
  c.vocab_size = json.get<std::size_t>("vocab_size");
  c.max_position_embeddings =
      json.find<std::size_t>("max_position_embeddings").value_or(c.max_position_embeddings);
  c.tie_word_embeddings = json.find<bool>("tie_word_embeddings").value_or(c.tie_word_embeddings);
  check_sizes(c, json.place());
}

/// The same for GGUF, which says them all except those that follow from others.
inline void read_sizes(const ModelFile& file, const GgufKeys& keys, CausalLmConfig& c) {
  c.num_hidden_layers = keys.size("block_count");
  c.hidden_size = keys.size("embedding_length");
  c.intermediate_size = keys.size("feed_forward_length");
  c.num_attention_heads = keys.size("attention.head_count");
  c.num_key_value_heads = keys.find_size("attention.head_count_kv").value_or(c.num_attention_heads);
  const auto head_dim = keys.find_size("attention.key_length");
  c.head_dim = head_dim ? *head_dim : detail::shared_head_dim(c, file.place());
  const formats::StoredTensor* embedding = file.find("token_embd.weight");
  c.vocab_size = keys.find_size("vocab_size")
                     .value_or(embedding && !embedding->shape.empty() ? embedding->shape[0] : 0);
  c.max_position_embeddings = keys.size("context_length");
  c.tie_word_embeddings = !file.find("output.weight");
  check_sizes(c, file.place());
}

}  // namespace painters::models
