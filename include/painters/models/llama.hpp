// Llama, Mistral, Qwen2 and Qwen3: RMSNorm before each part, rotary embedding, gated feed-forward.
// They differ in biases, normalised heads and what a token sees.
#pragma once

#include <string>

#include <painters/error.hpp>
#include <painters/models/causal_lm_config.hpp>
#include <painters/models/causal_lm_sizes.hpp>
#include <painters/models/gguf_keys.hpp>
#include <painters/models/model_file.hpp>
#include <painters/models/rope.hpp>
#include <painters/models/sliding_windows.hpp>

namespace painters::models {

/// The names in GGUF files. Those of Llama have the rows of queries and keys in another order.
inline constexpr CausalLmNames gguf_llama_names{
    .embedding = "token_embd",
    .final_norm = "output_norm",
    .head = "output",
    .attention_norm = "blk.{}.attn_norm",
    .query = "blk.{}.attn_q",
    .key = "blk.{}.attn_k",
    .value = "blk.{}.attn_v",
    .output = "blk.{}.attn_output",
    .query_norm = "blk.{}.attn_q_norm",
    .key_norm = "blk.{}.attn_k_norm",
    .ffn_norm = "blk.{}.ffn_norm",
    .gate = "blk.{}.ffn_gate",
    .up = "blk.{}.ffn_up",
    .down = "blk.{}.ffn_down",
};

/// The names in Hugging Face's safetensors.
inline constexpr CausalLmNames hugging_face_llama_names{
    .embedding = "model.embed_tokens",
    .final_norm = "model.norm",
    .head = "lm_head",
    .attention_norm = "model.layers.{}.input_layernorm",
    .query = "model.layers.{}.self_attn.q_proj",
    .key = "model.layers.{}.self_attn.k_proj",
    .value = "model.layers.{}.self_attn.v_proj",
    .output = "model.layers.{}.self_attn.o_proj",
    .query_norm = "model.layers.{}.self_attn.q_norm",
    .key_norm = "model.layers.{}.self_attn.k_norm",
    .ffn_norm = "model.layers.{}.post_attention_layernorm",
    .gate = "model.layers.{}.mlp.gate_proj",
    .up = "model.layers.{}.mlp.up_proj",
    .down = "model.layers.{}.mlp.down_proj",
};

namespace detail {

/// What a family has where its config.json is silent, as Hugging Face's configurations have it.
inline CausalLmConfig llama_defaults(const std::string& family) {
  CausalLmConfig c;
  c.model_type = family;
  c.norm_eps = 1e-6;
  c.max_position_embeddings = 2048;
  if (family == "mistral") {
    c.max_position_embeddings = 131072;
    c.num_key_value_heads = 8;
  } else if (family == "qwen2" || family == "qwen3") {
    c.max_position_embeddings = 32768;
    c.num_key_value_heads = 32;
  }
  if (family == "qwen3") c.head_dim = 128;
  c.attention_bias = family == "qwen2";
  c.qk_norm = family == "qwen3";
  return c;
}

inline CausalLmConfig read_llama(const ModelFile& file, const formats::Gguf& gguf) {
  const GgufKeys keys(gguf, file.architecture());
  CausalLmConfig c = llama_defaults(file.architecture());
  read_sizes(file, keys, c);
  c.norm_eps = static_cast<double>(keys.get<float>("attention.layer_norm_rms_epsilon"));
  c.rope = read_rope(file, keys, c.head_dim);
  const auto has = [&](const char* tensor) { return file.find(tensor) != nullptr; };
  c.attention_bias = c.attention_bias || has("blk.0.attn_q.bias");
  c.output_bias = has("blk.0.attn_output.bias");
  c.mlp_bias = has("blk.0.ffn_down.bias");
  if (const auto window = keys.find_size("attention.sliding_window"); window && *window != 0)
    c.sliding_windows.assign(c.num_hidden_layers, *window);
  return c;
}

inline CausalLmConfig read_llama(const formats::JsonObject& json, const std::string& family) {
  CausalLmConfig c = llama_defaults(family);
  const bool is_qwen = family == "qwen2" || family == "qwen3";
  read_sizes(json, c);
  c.norm_eps = json.find<double>("rms_norm_eps").value_or(c.norm_eps);
  c.rope = read_rope(json, c.head_dim);
  c.hidden_act =
      activation_named(json.find<std::string>("hidden_act").value_or("silu"), json.place());
  // Mistral and Qwen2 have the biases that they have, whatever config.json says.
  if (family == "llama" || family == "qwen3")
    c.attention_bias = c.output_bias = json.find<bool>("attention_bias").value_or(false);
  if (family == "llama") c.mlp_bias = json.find<bool>("mlp_bias").value_or(false);
  if (family != "llama")
    c.sliding_windows = read_windows(json, {4096, is_qwen}, c.num_hidden_layers);
  return c;
}

}  // namespace detail

/// Whether the file is of one of these families. Mistral's GGUF files call themselves llama.
inline bool is_llama(const ModelFile& file) {
  const std::string& name = file.architecture();
  return name == "llama" || name == "qwen2" || name == "qwen3" ||
         (name == "mistral" && file.config());
}

/// Throws Error if something is missing or not as the families have it.
inline CausalLmConfig read_llama_config(const ModelFile& file) {
  const CausalLmConfig c = file.gguf() ? detail::read_llama(file, *file.gguf())
                                       : detail::read_llama(*file.config(), file.architecture());
  check_norm_eps(c.norm_eps, file.config_place());
  if (c.rope.columns != c.head_dim)
    throw Error("expected rotary embedding of whole heads (" + std::to_string(c.head_dim) +
                " columns) in " + file.config_place() + ", as the family " + c.model_type +
                " has it, found it for " + std::to_string(c.rope.columns) +
                "; such models cannot be run");
  return c;
}

/// What the file's tensors are called.
inline CausalLmNames llama_names(const ModelFile& file) {
  if (!file.gguf()) return hugging_face_llama_names;
  CausalLmNames names = gguf_llama_names;
  names.interleaved_rotary = file.architecture() == "llama";
  return names;
}

}  // namespace painters::models
