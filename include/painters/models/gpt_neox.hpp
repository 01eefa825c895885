// GPT-NeoX and Pythia: LayerNorm, attention and feed-forward side by side, partial rotary
// embedding.
#pragma once

#include <string>

#include <painters/error.hpp>
#include <painters/models/causal_lm_config.hpp>
#include <painters/models/causal_lm_sizes.hpp>
#include <painters/models/gguf_keys.hpp>
#include <painters/models/model_file.hpp>
#include <painters/models/rope.hpp>

namespace painters::models {

/// The names in GGUF files: queries, then keys, then values.
inline constexpr CausalLmNames gguf_gpt_neox_names{
    .embedding = "token_embd",
    .final_norm = "output_norm",
    .head = "output",
    .attention_norm = "blk.{}.attn_norm",
    .query_key_value = "blk.{}.attn_qkv",
    .output = "blk.{}.attn_output",
    .ffn_norm = "blk.{}.ffn_norm",
    .up = "blk.{}.ffn_up",
    .down = "blk.{}.ffn_down",
};

/// The names in Hugging Face's safetensors: query, key and value of a head, then the next.
inline constexpr CausalLmNames hugging_face_gpt_neox_names{
    .embedding = "gpt_neox.embed_in",
    .final_norm = "gpt_neox.final_layer_norm",
    .head = "embed_out",
    .attention_norm = "gpt_neox.layers.{}.input_layernorm",
    .query_key_value = "gpt_neox.layers.{}.attention.query_key_value",
    .output = "gpt_neox.layers.{}.attention.dense",
    .ffn_norm = "gpt_neox.layers.{}.post_attention_layernorm",
    .up = "gpt_neox.layers.{}.mlp.dense_h_to_4h",
    .down = "gpt_neox.layers.{}.mlp.dense_4h_to_h",
    .fused_by_head = true,
};

namespace detail {

/// What the family has where its config.json is silent, as Hugging Face's configuration has it.
inline CausalLmConfig gpt_neox_defaults() {
  CausalLmConfig c;
  c.model_type = "gpt_neox";
  c.max_position_embeddings = 2048;
  c.norm = layers::NormKind::layer;
  c.norm_eps = 1e-5;
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
  read_sizes(file, keys, c);
  c.norm_eps = static_cast<double>(keys.get<float>("attention.layer_norm_epsilon"));
  c.rope = read_rope(file, keys, c.head_dim);
  c.arrangement = gpt_neox_arrangement(keys.find<bool>("use_parallel_residual").value_or(true));
  c.attention_bias = file.find("blk.0.attn_qkv.bias") != nullptr;
  c.output_bias = file.find("blk.0.attn_output.bias") != nullptr;
  return c;
}

inline CausalLmConfig read_gpt_neox(const formats::JsonObject& json) {
  CausalLmConfig c = gpt_neox_defaults();
  read_sizes(json, c);
  c.norm_eps = json.find<double>("layer_norm_eps").value_or(c.norm_eps);
  c.rope = read_rope(json, c.head_dim, json.find<double>("rotary_emb_base").value_or(10000),
                     json.find<double>("rotary_pct").value_or(0.25));
  c.hidden_act =
      activation_named(json.find<std::string>("hidden_act").value_or("gelu"), json.place());
  c.arrangement = gpt_neox_arrangement(json.find<bool>("use_parallel_residual").value_or(true));
  c.attention_bias = c.output_bias = json.find<bool>("attention_bias").value_or(true);
  return c;
}

}  // namespace detail

/// Whether the file is a GPT-NeoX: GGUF spells it without the line.
inline bool is_gpt_neox(const ModelFile& file) {
  return file.architecture() == (file.gguf() ? "gptneox" : "gpt_neox");
}

/// Throws Error if something is missing or not as the family has it.
inline CausalLmConfig read_gpt_neox_config(const ModelFile& file) {
  const CausalLmConfig c = file.gguf() ? detail::read_gpt_neox(file, *file.gguf())
                                       : detail::read_gpt_neox(*file.config());
  check_norm_eps(c.norm_eps, file.config_place());
  if (c.num_key_value_heads != c.num_attention_heads)
    throw Error("expected as many key-value heads as heads (" +
                std::to_string(c.num_attention_heads) + ") in " + file.config_place() +
                ", as the family gpt_neox has them, found " +
                std::to_string(c.num_key_value_heads) + "; such models cannot be run");
  return c;
}

/// What the file's tensors are called.
inline const CausalLmNames& gpt_neox_names(const ModelFile& file) {
  return file.gguf() ? gguf_gpt_neox_names : hugging_face_gpt_neox_names;
}

}  // namespace painters::models
