// GPT-NeoX and Pythia: LayerNorm, attention and feed-forward network side by side, rotary embedding
// of a part of each head.
#pragma once

#include <string>

#include <painters/error.hpp>
#include <painters/models/causal_lm_config.hpp>
#include <painters/models/causal_lm_sizes.hpp>
#include <painters/models/config_values.hpp>
#include <painters/models/gguf_keys.hpp>
#include <painters/models/model_file.hpp>
#include <painters/models/read_rope.hpp>

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

/// The values for keys that config.json lacks, as in Hugging Face's configuration class.
inline CausalLmConfig gpt_neox_defaults(const std::string& family) {
  CausalLmConfig c;
  c.model_type = family;
  c.max_position_embeddings = 2048;
  c.norm = layers::NormKind::layer;
  c.norm_eps = 1e-5;
  c.hidden_act = backend::Activation::gelu;  // GGUF does not name it: the models use the exact one
  c.gated = false;
  c.attention_bias = c.output_bias = c.mlp_bias = true;
  return c;
}

inline layers::Arrangement gpt_neox_arrangement(bool use_parallel_residual) {
  return use_parallel_residual ? layers::Arrangement::parallel : layers::Arrangement::pre_norm;
}

inline void read_gpt_neox(const ModelFile& file, const formats::Gguf& gguf, CausalLmConfig& c) {
  const GgufKeys keys(gguf, file.architecture());
  read_sizes(file, keys, c);
  c.norm_eps = static_cast<double>(keys.get<float>("attention.layer_norm_epsilon"));
  c.rope = read_rope(file, keys, c.head_dim);
  c.arrangement = gpt_neox_arrangement(keys.find<bool>("use_parallel_residual").value_or(true));
  c.attention_bias = file.find("blk.0.attn_qkv.bias") != nullptr;
  c.output_bias = file.find("blk.0.attn_output.bias") != nullptr;
}

inline void read_gpt_neox(const formats::JsonObject& json, CausalLmConfig& c) {
  read_sizes(json, c);
  c.norm_eps = json.find<double>("layer_norm_eps").value_or(c.norm_eps);
  c.rope = read_rope(json, c.head_dim, json.find<double>("rotary_emb_base").value_or(10000),
                     json.find<double>("rotary_pct").value_or(0.25));
  c.hidden_act =
      activation_named(json.find<std::string>("hidden_act").value_or("gelu"), json.place());
  c.arrangement = gpt_neox_arrangement(json.find<bool>("use_parallel_residual").value_or(true));
  c.attention_bias = c.output_bias = json.find<bool>("attention_bias").value_or(true);
}

}  // namespace detail

/// The configuration in a file, see CausalLmFamily.
inline CausalLmConfig read_gpt_neox_config(const ModelFile& file, const std::string& family) {
  CausalLmConfig c = detail::gpt_neox_defaults(family);
  if (file.gguf())
    detail::read_gpt_neox(file, *file.gguf(), c);
  else
    detail::read_gpt_neox(*file.config(), c);
  check_norm_eps(c.norm_eps, file.config_place());
  if (c.num_key_value_heads != c.num_attention_heads)
    throw Error("expected as many key-value heads as heads (" +
                std::to_string(c.num_attention_heads) + ") in " + file.config_place() +
                ", as the family " + family + " has them, found " +
                std::to_string(c.num_key_value_heads) + "; such models cannot be run");
  return c;
}

/// For the table in families.hpp.
inline constexpr CausalLmFamily gpt_neox_family{&read_gpt_neox_config, &gguf_gpt_neox_names,
                                                &hugging_face_gpt_neox_names};

}  // namespace painters::models
