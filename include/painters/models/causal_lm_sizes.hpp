// Reading the sizes of a causal language model, for which all families use the same keys.
#pragma once

#include <cstddef>
#include <optional>

#include <painters/error.hpp>
#include <painters/formats/json.hpp>
#include <painters/models/causal_lm_config.hpp>
#include <painters/models/gguf_keys.hpp>
#include <painters/models/model_file.hpp>
#include <painters/models/model_sizes.hpp>

namespace painters::models {

/// Reads the sizes into `c`, which holds the family's defaults for keys that are absent. A default
/// of 0 for num_key_value_heads or head_dim means that it follows from the other sizes, as it does
/// where config.json says null. Throws Error if a size is missing or not a number, or if the sizes
/// do not make a model.
inline void read_sizes(const formats::JsonObject& json, CausalLmConfig& c) {
  const auto find = [&](const char* key, std::size_t default_value) {
    const bool has_default = !json.contains(key) && default_value != 0;
    return has_default ? std::optional(default_value) : json.find<std::size_t>(key);
  };
  c.num_hidden_layers = json.get<std::size_t>("num_hidden_layers");
  c.hidden_size = json.get<std::size_t>("hidden_size");
  c.intermediate_size = json.get<std::size_t>("intermediate_size");
  c.num_attention_heads = json.get<std::size_t>("num_attention_heads");
  c.num_key_value_heads =
      find("num_key_value_heads", c.num_key_value_heads).value_or(c.num_attention_heads);
  const auto head_dim = find("head_dim", c.head_dim);
  c.head_dim = head_dim ? *head_dim : shared_head_dim(c, json.place());
  c.vocab_size = json.get<std::size_t>("vocab_size");
  c.max_position_embeddings =
      json.find<std::size_t>("max_position_embeddings").value_or(c.max_position_embeddings);
  c.tie_word_embeddings = json.find<bool>("tie_word_embeddings").value_or(c.tie_word_embeddings);
  check_sizes(c, c.model_type, json.place());
}

/// The same for GGUF, which has no defaults: what an absent optional key would say follows from the
/// rest of the file.
inline void read_sizes(const ModelFile& file, const GgufKeys& keys, CausalLmConfig& c) {
  c.num_hidden_layers = keys.size("block_count");
  c.hidden_size = keys.size("embedding_length");
  c.intermediate_size = keys.size("feed_forward_length");
  c.num_attention_heads = keys.size("attention.head_count");
  c.num_key_value_heads = keys.find_size("attention.head_count_kv").value_or(c.num_attention_heads);
  const auto head_dim = keys.find_size("attention.key_length");
  c.head_dim = head_dim ? *head_dim : shared_head_dim(c, file.place());
  const formats::StoredTensor* embedding = file.find("token_embd.weight");
  c.vocab_size = keys.find_size("vocab_size")
                     .value_or(embedding && !embedding->shape.empty() ? embedding->shape[0] : 0);
  c.max_position_embeddings = keys.size("context_length");
  c.tie_word_embeddings = !file.find("output.weight");
  check_sizes(c, c.model_type, file.place());
}

}  // namespace painters::models
