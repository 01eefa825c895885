// Llama, Mistral, Qwen2 and Qwen3: RMSNorm before each part, rotary embedding, gated feed-forward
// network. They differ in biases, normalised heads and what a token sees.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include <painters/error.hpp>
#include <painters/models/causal_lm_config.hpp>
#include <painters/models/causal_lm_sizes.hpp>
#include <painters/models/config_values.hpp>
#include <painters/models/gguf_keys.hpp>
#include <painters/models/model_file.hpp>
#include <painters/models/read_rope.hpp>
#include <painters/models/sliding_windows.hpp>

namespace painters::models {

/// The names in GGUF files of Llama, which have the rows of queries and keys in another order.
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
    .interleaved_rotary = true,
};

/// The names in GGUF files of Qwen, with these rows in order.
inline constexpr CausalLmNames gguf_qwen_names = [] {
  CausalLmNames names = gguf_llama_names;
  names.interleaved_rotary = false;
  return names;
}();

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

/// What tells one of these families from the others. The values are those of Hugging Face's
/// configuration classes.
struct LlamaTraits {
  ///@{ For keys that config.json lacks; 0: the size follows from the others.
  std::size_t max_position_embeddings = 2048, num_key_value_heads = 0, head_dim = 0;
  ///@}
  bool query_key_value_bias = false;       // always, whatever config.json says
  bool has_attention_bias_key = false;     // "attention_bias": these and the output projection's
  bool has_mlp_bias_key = false;           // "mlp_bias"
  bool qk_norm = false;                    // heads of queries and keys are normalised
  std::optional<WindowKeys> windows = {};  // empty: config.json describes none
};

///@{ The families.
inline constexpr LlamaTraits llama_traits{.has_attention_bias_key = true, .has_mlp_bias_key = true};
inline constexpr LlamaTraits mistral_traits{
    .max_position_embeddings = 131072, .num_key_value_heads = 8, .windows = WindowKeys{4096}};
inline constexpr LlamaTraits qwen2_traits{.max_position_embeddings = 32768,
                                          .num_key_value_heads = 32,
                                          .query_key_value_bias = true,
                                          .windows = WindowKeys{4096, true}};
inline constexpr LlamaTraits qwen3_traits{.max_position_embeddings = 32768,
                                          .num_key_value_heads = 32,
                                          .head_dim = 128,
                                          .has_attention_bias_key = true,
                                          .qk_norm = true,
                                          .windows = WindowKeys{4096, true}};
///@}

namespace detail {

inline CausalLmConfig llama_defaults(const LlamaTraits& traits, const std::string& family) {
  CausalLmConfig c;
  c.model_type = family;
  c.max_position_embeddings = traits.max_position_embeddings;
  c.num_key_value_heads = traits.num_key_value_heads;
  c.head_dim = traits.head_dim;
  c.norm_eps = 1e-6;
  c.attention_bias = traits.query_key_value_bias;
  c.qk_norm = traits.qk_norm;
  return c;
}

inline void read_llama(const ModelFile& file, const formats::Gguf& gguf, CausalLmConfig& c) {
  const GgufKeys keys(gguf, file.architecture());
  read_sizes(file, keys, c);
  c.norm_eps = static_cast<double>(keys.get<float>("attention.layer_norm_rms_epsilon"));
  c.rope = read_rope(file, keys, c.head_dim);
  const auto has = [&](const char* tensor) { return file.find(tensor) != nullptr; };
  c.attention_bias = c.attention_bias || has("blk.0.attn_q.bias");
  c.output_bias = has("blk.0.attn_output.bias");
  c.mlp_bias = has("blk.0.ffn_down.bias");
  if (const auto window = keys.find_size("attention.sliding_window"); window && *window != 0)
    c.sliding_windows.assign(c.num_hidden_layers, *window);
}

inline void read_llama(const formats::JsonObject& json, const LlamaTraits& traits,
                       CausalLmConfig& c) {
  read_sizes(json, c);
  c.norm_eps = json.find<double>("rms_norm_eps").value_or(c.norm_eps);
  c.rope = read_rope(json, c.head_dim);
  c.hidden_act =
      activation_named(json.find<std::string>("hidden_act").value_or("silu"), json.place());
  if (traits.has_attention_bias_key)
    c.attention_bias = c.output_bias = json.find<bool>("attention_bias").value_or(false);
  if (traits.has_mlp_bias_key) c.mlp_bias = json.find<bool>("mlp_bias").value_or(false);
  if (traits.windows) c.sliding_windows = read_windows(json, *traits.windows, c.num_hidden_layers);
}

}  // namespace detail

/// The configuration in a file of a family with these traits, see CausalLmFamily.
template <const LlamaTraits& traits>
CausalLmConfig read_llama_config(const ModelFile& file, const std::string& family) {
  CausalLmConfig c = detail::llama_defaults(traits, family);
  if (file.gguf())
    detail::read_llama(file, *file.gguf(), c);
  else
    detail::read_llama(*file.config(), traits, c);
  check_norm_eps(c.norm_eps, file.config_place());
  if (c.rope.columns != c.head_dim)
    throw Error("expected rotary embedding of whole heads (" + std::to_string(c.head_dim) +
                " columns) in " + file.config_place() + ", as the family " + family +
                " has it, found it for " + std::to_string(c.rope.columns) +
                "; such models cannot be run");
  return c;
}

///@{ For the table in families.hpp. GGUF files of Mistral call themselves llama.
inline constexpr CausalLmFamily llama_family{&read_llama_config<llama_traits>, &gguf_llama_names,
                                             &hugging_face_llama_names};
inline constexpr CausalLmFamily mistral_family{&read_llama_config<mistral_traits>, nullptr,
                                               &hugging_face_llama_names};
inline constexpr CausalLmFamily qwen2_family{&read_llama_config<qwen2_traits>, &gguf_qwen_names,
                                             &hugging_face_llama_names};
inline constexpr CausalLmFamily qwen3_family{&read_llama_config<qwen3_traits>, &gguf_qwen_names,
                                             &hugging_face_llama_names};
///@}

}  // namespace painters::models
