// GPT-NeoX and Pythia: LayerNorm, attention and feed-forward side by side, partial rotary
// embedding.
#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include <painters/models/causal_lm_config.hpp>
#include <painters/models/gguf_keys.hpp>
#include <painters/models/model_file.hpp>

namespace painters::models {

/// The names in GGUF files: queries, then keys, then values.
inline constexpr CausalLmNames gguf_gpt_neox_names{
    "token_embd", "output_norm",     "output",          "blk.{}.attn_norm",   nullptr,
    nullptr,      nullptr,           "blk.{}.attn_qkv", "blk.{}.attn_output", nullptr,
    nullptr,      "blk.{}.ffn_norm", nullptr,           "blk.{}.ffn_up",      "blk.{}.ffn_down"};

/// The names in Hugging Face's safetensors: query, key and value of a head, then the next.
inline constexpr CausalLmNames hugging_face_gpt_neox_names{
    "gpt_neox.embed_in",
    "gpt_neox.final_layer_norm",
    "embed_out",
    "gpt_neox.layers.{}.input_layernorm",
    nullptr,
    nullptr,
    nullptr,
    "gpt_neox.layers.{}.attention.query_key_value",
    "gpt_neox.layers.{}.attention.dense",
    nullptr,
    nullptr,
    "gpt_neox.layers.{}.post_attention_layernorm",
    nullptr,
    "gpt_neox.layers.{}.mlp.dense_h_to_4h",
    "gpt_neox.layers.{}.mlp.dense_4h_to_h",
    false,
    true};

namespace detail {

inline CausalLmConfig gpt_neox_defaults() {
  CausalLmConfig c;
  c.model_type = "gpt_neox";
  c.norm = layers::NormKind::layer;
  c.hidden_act = backend::Activation::gelu;  // exact; GGUF does not say which, the models have it
  c.gated = false;
  c.attention_bias = c.output_bias = c.mlp_bias = true;
  return c;
}

inline layers::Arrangement gpt_neox_arrangement(bool use_parallel_residual) {
  return use_parallel_residual ? layers::Arrangement::parallel : layers::Arrangement::pre_norm;
}

inline CausalLmConfig read_gpt_neox(const ModelFile& file, const formats::Gguf& gguf) {
  const GgufKeys keys(gguf, file.architecture());
  CausalLmConfig c = gpt_neox_defaults();
  c.num_hidden_layers = keys.size("block_count");
  c.hidden_size = keys.size("embedding_length");
  c.intermediate_size = keys.size("feed_forward_length");
  c.num_attention_heads = c.num_key_value_heads = keys.size("attention.head_count");
  const formats::StoredTensor* embedding = file.find("token_embd.weight");
  c.vocab_size = keys.find_size("vocab_size")
                     .value_or(embedding && !embedding->shape.empty() ? embedding->shape[0] : 0);
  c.max_position_embeddings = keys.size("context_length");
  c.norm_eps = static_cast<double>(keys.get<float>("attention.layer_norm_epsilon"));
  c.head_dim = c.hidden_size / std::max<std::size_t>(1, c.num_attention_heads);
  c.rope.columns = keys.find_size("rope.dimension_count").value_or(c.head_dim);
  c.rope.theta = static_cast<double>(keys.find<float>("rope.freq_base").value_or(10000.0f));
  c.rope.frequencies = layers::rotary_frequencies(c.rope.columns, c.rope.theta);
  c.arrangement = gpt_neox_arrangement(keys.find<bool>("use_parallel_residual").value_or(true));
  c.tie_word_embeddings = !file.find("output.weight");
  return c;
}

inline CausalLmConfig read_gpt_neox(const formats::JsonObject& json) {
  CausalLmConfig c = gpt_neox_defaults();
  c.num_hidden_layers = json.get<std::size_t>("num_hidden_layers");
  c.hidden_size = json.get<std::size_t>("hidden_size");
  c.intermediate_size = json.get<std::size_t>("intermediate_size");
  c.num_attention_heads = c.num_key_value_heads = json.get<std::size_t>("num_attention_heads");
  c.vocab_size = json.get<std::size_t>("vocab_size");
  c.max_position_embeddings = json.find<std::size_t>("max_position_embeddings").value_or(2048);
  c.norm_eps = json.find<double>("layer_norm_eps").value_or(1e-5);
  c.head_dim = c.hidden_size / std::max<std::size_t>(1, c.num_attention_heads);
  Rope rope;
  rope.theta = json.find<double>("rotary_emb_base").value_or(10000);
  const auto pct = json.find<double>("rotary_pct");
  rope.columns = static_cast<std::size_t>(static_cast<double>(c.head_dim) * pct.value_or(1));
  const bool says_part = json.find<nlohmann::json>("rope_parameters") &&
                         json.object("rope_parameters").contains("partial_rotary_factor");
  if (!pct && !says_part) rope.columns = c.head_dim / 4;  // Hugging Face's default
  if (pct && says_part) rope.columns = c.head_dim;        // both say the same part
  c.rope = models::read_rope(json, std::move(rope));
  c.hidden_act =
      activation_named(json.find<std::string>("hidden_act").value_or("gelu"), json.place());
  c.arrangement = gpt_neox_arrangement(json.find<bool>("use_parallel_residual").value_or(true));
  const bool bias = json.find<bool>("attention_bias").value_or(true);
  c.attention_bias = c.output_bias = bias;
  c.tie_word_embeddings = json.find<bool>("tie_word_embeddings").value_or(false);
  return c;
}

}  // namespace detail

/// Whether the file is a GPT-NeoX: GGUF spells it without the line.
inline bool is_gpt_neox(const ModelFile& file) {
  return file.architecture() == (file.gguf() ? "gptneox" : "gpt_neox");
}

/// Throws Error if something is missing.
inline CausalLmConfig read_gpt_neox_config(const ModelFile& file) {
  return file.gguf() ? detail::read_gpt_neox(file, *file.gguf())
                     : detail::read_gpt_neox(*file.config());
}

/// What the file's tensors are called.
inline const CausalLmNames& gpt_neox_names(const ModelFile& file) {
  return file.gguf() ? gguf_gpt_neox_names : hugging_face_gpt_neox_names;
}

}  // namespace painters::models
