// Llama, Mistral, Qwen2 and Qwen3: RMSNorm before each part, rotary embedding, gated feed-forward.
// They differ in biases, normalised heads and what a token sees.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <painters/error.hpp>
#include <painters/models/causal_lm_config.hpp>
#include <painters/models/gguf_keys.hpp>
#include <painters/models/model_file.hpp>

namespace painters::models {

/// The names in GGUF files. Those of Llama have the rows of queries and keys in another order.
inline constexpr CausalLmNames gguf_llama_names{"token_embd",
                                                "output_norm",
                                                "output",
                                                "blk.{}.attn_norm",
                                                "blk.{}.attn_q",
                                                "blk.{}.attn_k",
                                                "blk.{}.attn_v",
                                                nullptr,
                                                "blk.{}.attn_output",
                                                "blk.{}.attn_q_norm",
                                                "blk.{}.attn_k_norm",
                                                "blk.{}.ffn_norm",
                                                "blk.{}.ffn_gate",
                                                "blk.{}.ffn_up",
                                                "blk.{}.ffn_down"};

/// The names in Hugging Face's safetensors.
inline constexpr CausalLmNames hugging_face_llama_names{"model.embed_tokens",
                                                        "model.norm",
                                                        "lm_head",
                                                        "model.layers.{}.input_layernorm",
                                                        "model.layers.{}.self_attn.q_proj",
                                                        "model.layers.{}.self_attn.k_proj",
                                                        "model.layers.{}.self_attn.v_proj",
                                                        nullptr,
                                                        "model.layers.{}.self_attn.o_proj",
                                                        "model.layers.{}.self_attn.q_norm",
                                                        "model.layers.{}.self_attn.k_norm",
                                                        "model.layers.{}.post_attention_layernorm",
                                                        "model.layers.{}.mlp.gate_proj",
                                                        "model.layers.{}.mlp.up_proj",
                                                        "model.layers.{}.mlp.down_proj"};

namespace detail {

/// Rotary embedding as GGUF says it: a divisor for every frequency in the tensor rope_freqs.weight
/// (Llama 3.1), or one for all.
inline Rope read_rope(const ModelFile& file, const GgufKeys& keys, std::size_t columns) {
  Rope rope;
  rope.columns = columns;
  rope.theta = static_cast<double>(keys.find<float>("rope.freq_base").value_or(10000.0f));
  rope.frequencies = layers::rotary_frequencies(columns, rope.theta);
  const std::string type = keys.find<std::string>("rope.scaling.type").value_or("none");
  if (type == "linear") {
    const float factor = keys.get<float>("rope.scaling.factor");
    if (!(factor > 0))
      throw Error("expected a positive rope.scaling.factor in " + file.place() + ", found " +
                  std::to_string(factor));
    for (float& f : rope.frequencies) f /= factor;
    rope.scaling = type;
  } else if (type != "none") {
    throw Error("expected rotary embedding that is not scaled, or linearly, in " + file.place() +
                ", found \"" + type + "\"; such models cannot be run yet");
  }
  if (file.find("rope_freqs.weight")) {
    const std::vector<float> divisors = file.vector("rope_freqs.weight", columns / 2);
    for (std::size_t i = 0; i < divisors.size(); ++i) rope.frequencies[i] /= divisors[i];
    rope.scaling = "llama3";
  }
  return rope;
}

inline CausalLmConfig read_llama(const ModelFile& file, const formats::Gguf& gguf) {
  const GgufKeys keys(gguf, file.architecture());
  CausalLmConfig c;
  c.model_type = file.architecture();
  c.num_hidden_layers = keys.size("block_count");
  c.hidden_size = keys.size("embedding_length");
  c.intermediate_size = keys.size("feed_forward_length");
  c.num_attention_heads = keys.size("attention.head_count");
  c.num_key_value_heads = keys.find_size("attention.head_count_kv").value_or(c.num_attention_heads);
  const formats::StoredTensor* embedding = file.find("token_embd.weight");
  c.vocab_size = keys.find_size("vocab_size")
                     .value_or(embedding && !embedding->shape.empty() ? embedding->shape[0] : 0);
  c.max_position_embeddings = keys.size("context_length");
  c.norm_eps = static_cast<double>(keys.get<float>("attention.layer_norm_rms_epsilon"));
  c.head_dim = keys.find_size("attention.key_length")
                   .value_or(c.hidden_size / std::max<std::size_t>(1, c.num_attention_heads));
  c.rope = read_rope(file, keys, keys.find_size("rope.dimension_count").value_or(c.head_dim));
  const auto has = [&](const char* tensor) { return file.find(tensor) != nullptr; };
  c.attention_bias = has("blk.0.attn_q.bias");
  c.output_bias = has("blk.0.attn_output.bias");
  c.mlp_bias = has("blk.0.ffn_down.bias");
  c.qk_norm = has("blk.0.attn_q_norm.weight");
  c.tie_word_embeddings = !has("output.weight");
  if (const auto window = keys.find_size("attention.sliding_window"))
    c.sliding_windows.assign(c.num_hidden_layers, *window);
  return c;
}

/// The windows of the layers: "layer_types" of newer files, or from "max_window_layers" on where
/// the family has a switch for them.
inline std::vector<std::size_t> read_windows(const formats::JsonObject& json,
                                             const CausalLmConfig& c) {
  const std::size_t window = json.find<std::size_t>("sliding_window").value_or(0);
  std::vector<std::size_t> windows(c.num_hidden_layers, window);
  const bool has_switch = c.model_type == "qwen2" || c.model_type == "qwen3";
  if (has_switch && !json.find<bool>("use_sliding_window").value_or(false)) return {};
  if (const auto types = json.find<std::vector<std::string>>("layer_types")) {
    if (types->size() != windows.size())
      throw Error("expected \"layer_types\" of " + std::to_string(windows.size()) + " layers in " +
                  json.place() + ", found " + std::to_string(types->size()));
    for (std::size_t i = 0; i < windows.size(); ++i)
      if ((*types)[i] != "sliding_attention") windows[i] = 0;
  } else if (has_switch) {
    const std::size_t first = json.find<std::size_t>("max_window_layers").value_or(28);
    for (std::size_t i = 0; i < std::min(first, windows.size()); ++i) windows[i] = 0;
  }
  return windows;
}

inline CausalLmConfig read_llama(const formats::JsonObject& json) {
  CausalLmConfig c;
  c.model_type = json.get<std::string>("model_type");
  const bool is_qwen = c.model_type == "qwen2" || c.model_type == "qwen3";
  c.num_hidden_layers = json.get<std::size_t>("num_hidden_layers");
  c.hidden_size = json.get<std::size_t>("hidden_size");
  c.intermediate_size = json.get<std::size_t>("intermediate_size");
  c.num_attention_heads = json.get<std::size_t>("num_attention_heads");
  c.num_key_value_heads =
      json.find<std::size_t>("num_key_value_heads").value_or(c.num_attention_heads);
  c.vocab_size = json.get<std::size_t>("vocab_size");
  c.max_position_embeddings = json.find<std::size_t>("max_position_embeddings").value_or(2048);
  c.norm_eps = json.find<double>("rms_norm_eps").value_or(1e-6);
  c.head_dim = json.find<std::size_t>("head_dim")
                   .value_or(c.hidden_size / std::max<std::size_t>(1, c.num_attention_heads));
  Rope rope;
  rope.columns = c.head_dim;
  c.rope = models::read_rope(json, std::move(rope));
  c.hidden_act =
      activation_named(json.find<std::string>("hidden_act").value_or("silu"), json.place());
  const bool bias = json.find<bool>("attention_bias").value_or(false);
  c.attention_bias = bias || c.model_type == "qwen2";
  c.output_bias = bias;
  c.mlp_bias = json.find<bool>("mlp_bias").value_or(false);
  c.qk_norm = c.model_type == "qwen3";
  c.tie_word_embeddings = json.find<bool>("tie_word_embeddings").value_or(false);
  if (is_qwen || c.model_type == "mistral") c.sliding_windows = read_windows(json, c);
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
  return file.gguf() ? detail::read_llama(file, *file.gguf()) : detail::read_llama(*file.config());
}

/// What the file's tensors are called.
inline CausalLmNames llama_names(const ModelFile& file) {
  if (!file.gguf()) return hugging_face_llama_names;
  CausalLmNames names = gguf_llama_names;
  names.interleaved_rotary = file.architecture() == "llama";
  return names;
}

}  // namespace painters::models
