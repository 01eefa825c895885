// A small model as llama.cpp's converter writes it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include <painters/layers/transformer_block.hpp>

#include "support/causal_lm_weights.hpp"
#include "support/linear_rows.hpp"
#include "support/model_parts.hpp"

namespace support {

namespace detail {

inline void add_metadata(GgufParts& parts, const CausalLmShape& shape) {
  const BlockShape& b = shape.block;
  const bool neox = shape.family == "gpt_neox";
  const std::string architecture = neox                        ? "gptneox"
                                   : shape.family == "mistral" ? "llama"
                                                               : shape.family;
  parts.metadata["general.architecture"] = architecture;
  const auto set = [&](const char* key, GgufParts::Value value) {
    parts.metadata[architecture + "." + key] = std::move(value);
  };
  const auto number = [](std::size_t n) { return static_cast<std::uint32_t>(n); };
  set("block_count", number(shape.layers));
  set("embedding_length", number(b.hidden_size));
  set("feed_forward_length", number(b.intermediate_size));
  set("attention.head_count", number(b.attention.num_attention_heads));
  set("context_length", number(shape.max_position_embeddings));
  if (neox) {
    set("attention.layer_norm_epsilon", b.eps);
    set("rope.dimension_count", number(b.rotary_columns.value_or(b.attention.head_dim)));
    set("use_parallel_residual", b.arrangement == painters::layers::Arrangement::parallel);
    if (b.theta != 10000) throw std::invalid_argument("GGUF does not say GPT-NeoX's theta");
    return;
  }
  set("attention.layer_norm_rms_epsilon", b.eps);
  set("attention.head_count_kv", number(b.attention.num_key_value_heads));
  set("attention.key_length", number(b.attention.head_dim));
  set("rope.freq_base", static_cast<float>(b.theta));
  if (architecture == "llama") {
    set("vocab_size", number(shape.vocab_size));
    set("rope.dimension_count", number(b.attention.head_dim));
  }
  if (shape.scaling.rope_type == "linear") {
    set("rope.scaling.type", std::string("linear"));
    set("rope.scaling.factor", static_cast<float>(shape.scaling.factor));
  }
  if (!shape.windows.empty()) set("attention.sliding_window", number(shape.windows[0]));
}

}  // namespace detail

/// GGUF can name only one window, for all layers.
inline GgufParts gguf_parts(const CausalLmWeights& model) {
  const CausalLmShape& shape = model.shape;
  const std::size_t head_dim = shape.block.attention.head_dim;
  GgufParts parts;
  detail::add_metadata(parts, shape);
  parts.add("token_embd", model.embedding);
  if (!shape.tied) parts.add("output", model.head);
  parts.add("output_norm", model.final_norm);
  if (shape.scaling.rope_type == "llama3") {
    std::vector<float> divisors;
    for (const double f : rotary_frequencies(head_dim, shape.block.theta))
      divisors.push_back(static_cast<float>(f / shape.scaling(f)));
    parts.add("rope_freqs.weight", divisors);
  }
  for (std::size_t i = 0; i < model.blocks.size(); ++i) {
    const RandomBlock& block = model.blocks[i];
    const std::string at = "blk." + std::to_string(i) + ".";
    const auto add = [&](const char* name, const RandomLinear& linear) {
      parts.add(at + name, linear);
    };
    parts.add(at + "attn_norm", block.attention_norm);
    if (shape.family == "gpt_neox") {
      add("attn_qkv", fused(block, block.query.weight.rows));
    } else {
      const bool turned = shape.family == "llama" || shape.family == "mistral";
      add("attn_q", turned ? halves_interleaved(block.query, head_dim) : block.query);
      add("attn_k", turned ? halves_interleaved(block.key, head_dim) : block.key);
      add("attn_v", block.value);
    }
    if (block.query_norm) {
      parts.add(at + "attn_q_norm", *block.query_norm);
      parts.add(at + "attn_k_norm", *block.key_norm);
    }
    add("attn_output", block.output);
    parts.add(at + "ffn_norm", block.ffn_norm);
    if (shape.block.gated) add("ffn_gate", block.gate);
    add("ffn_up", block.up);
    add("ffn_down", block.down);
  }
  return parts;
}

}  // namespace support
