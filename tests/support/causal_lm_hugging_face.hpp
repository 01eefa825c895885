// A small model as transformers saves it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <painters/backend/activation.hpp>
#include <painters/layers/transformer_block.hpp>

#include "support/causal_lm_weights.hpp"
#include "support/linear_rows.hpp"
#include "support/model_parts.hpp"

namespace support {

namespace detail {

inline nlohmann::json config_json(const CausalLmShape& shape) {
  const BlockShape& b = shape.block;
  nlohmann::json config = {
      {"model_type", shape.family},
      {"num_hidden_layers", shape.layers},
      {"hidden_size", b.hidden_size},
      {"intermediate_size", b.intermediate_size},
      {"num_attention_heads", b.attention.num_attention_heads},
      {"vocab_size", shape.vocab_size},
      {"max_position_embeddings", shape.max_position_embeddings},
      {"hidden_act", b.hidden_act == painters::backend::Activation::silu ? "silu" : "gelu"},
      {"rope_scaling", nullptr},
      {"tie_word_embeddings", shape.tied}};
  const RopeScaling& scaling = shape.scaling;
  if (scaling.rope_type == "linear")  // older files
    config["rope_scaling"] = {{"type", "linear"}, {"factor", scaling.factor}};
  else if (scaling.rope_type != "default")
    config["rope_scaling"] = {
        {"rope_type", scaling.rope_type},
        {"factor", scaling.factor},
        {"low_freq_factor", scaling.low_freq_factor},
        {"high_freq_factor", scaling.high_freq_factor},
        {"original_max_position_embeddings", scaling.original_max_position_embeddings}};
  if (shape.family == "gpt_neox") {
    config["layer_norm_eps"] = b.eps;
    config["rotary_emb_base"] = b.theta;
    config["rotary_pct"] = static_cast<double>(b.rotary_columns.value_or(b.attention.head_dim)) /
                           static_cast<double>(b.attention.head_dim);
    config["use_parallel_residual"] = b.arrangement == painters::layers::Arrangement::parallel;
    config["attention_bias"] = b.attention_bias;
    return config;
  }
  config["num_key_value_heads"] = b.attention.num_key_value_heads;
  config["head_dim"] = b.attention.head_dim;
  config["rms_norm_eps"] = b.eps;
  config["rope_theta"] = b.theta;
  if (shape.family == "llama") config["mlp_bias"] = b.mlp_bias;
  if (shape.family == "llama" || shape.family == "qwen3")
    config["attention_bias"] = b.attention_bias;
  if (shape.family == "llama") return config;
  const bool slides = !shape.windows.empty();
  if (slides)
    config["sliding_window"] = *std::max_element(shape.windows.begin(), shape.windows.end());
  else
    config["sliding_window"] = nullptr;
  if (shape.family == "mistral") return config;
  config["use_sliding_window"] = slides;
  for (const std::size_t window : shape.windows)
    config["layer_types"].push_back(window == 0 ? "full_attention" : "sliding_attention");
  return config;
}

inline void add_gpt_neox(HuggingFaceParts& parts, const CausalLmWeights& model) {
  parts.add("gpt_neox.embed_in", model.embedding);
  if (!model.shape.tied) parts.add("embed_out", model.head);
  parts.add("gpt_neox.final_layer_norm", model.final_norm);
  for (std::size_t i = 0; i < model.blocks.size(); ++i) {
    const RandomBlock& block = model.blocks[i];
    const std::string at = "gpt_neox.layers." + std::to_string(i) + ".";
    parts.add(at + "input_layernorm", block.attention_norm);
    parts.add(at + "attention.query_key_value", fused(block, block.shape.attention.head_dim));
    parts.add(at + "attention.dense", block.output);
    parts.add(at + "post_attention_layernorm", block.ffn_norm);
    parts.add(at + "mlp.dense_h_to_4h", block.up);
    parts.add(at + "mlp.dense_4h_to_h", block.down);
  }
}

inline void add_llama(HuggingFaceParts& parts, const CausalLmWeights& model) {
  parts.add("model.embed_tokens", model.embedding);
  if (!model.shape.tied) parts.add("lm_head", model.head);
  parts.add("model.norm", model.final_norm);
  for (std::size_t i = 0; i < model.blocks.size(); ++i) {
    const RandomBlock& block = model.blocks[i];
    const std::string at = "model.layers." + std::to_string(i) + ".";
    parts.add(at + "input_layernorm", block.attention_norm);
    parts.add(at + "self_attn.q_proj", block.query);
    parts.add(at + "self_attn.k_proj", block.key);
    parts.add(at + "self_attn.v_proj", block.value);
    parts.add(at + "self_attn.o_proj", block.output);
    if (block.query_norm) {
      parts.add(at + "self_attn.q_norm", *block.query_norm);
      parts.add(at + "self_attn.k_norm", *block.key_norm);
    }
    parts.add(at + "post_attention_layernorm", block.ffn_norm);
    parts.add(at + "mlp.gate_proj", block.gate);
    parts.add(at + "mlp.up_proj", block.up);
    parts.add(at + "mlp.down_proj", block.down);
  }
}

}  // namespace detail

/// Quantised weights are written as F32, since safetensors have no such types.
inline HuggingFaceParts hugging_face_parts(const CausalLmWeights& model) {
  HuggingFaceParts parts;
  parts.config = detail::config_json(model.shape);
  if (model.shape.family == "gpt_neox")
    detail::add_gpt_neox(parts, model);
  else
    detail::add_llama(parts, model);
  return parts;
}

}  // namespace support
