// Small shapes of every family, each with the features that tell its family from the others.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include <painters/backend/activation.hpp>
#include <painters/layers/norm.hpp>
#include <painters/layers/transformer_block.hpp>

#include "support/causal_lm_weights.hpp"

namespace support {

inline BlockShape block_of(std::size_t heads, std::size_t key_value_heads, std::size_t head_dim) {
  return {32, 48, {heads, key_value_heads, head_dim}};
}

inline CausalLmShape model_of(const char* family, const BlockShape& block) {
  CausalLmShape shape;
  shape.family = family;
  shape.block = block;
  shape.layers = 3;
  return shape;
}

inline CausalLmShape llama(bool attention_bias, bool mlp_bias, RopeScaling scaling = {}) {
  CausalLmShape shape =
      model_of("llama", block_of(4, 2, 10));  // not the hidden size over the heads
  shape.block.attention_bias = shape.block.output_bias = attention_bias;
  shape.block.mlp_bias = mlp_bias;
  shape.block.theta = 500;
  shape.scaling = std::move(scaling);
  return shape;
}

inline CausalLmShape mistral(std::size_t window) {
  CausalLmShape shape = model_of("mistral", block_of(4, 2, 8));
  if (window != 0) shape.windows.assign(shape.layers, window);
  return shape;
}

inline CausalLmShape qwen2(std::vector<std::size_t> windows) {
  CausalLmShape shape = model_of("qwen2", block_of(4, 2, 8));
  shape.block.attention_bias = true;
  shape.block.theta = 1000000;
  shape.windows = std::move(windows);
  return shape;
}

inline CausalLmShape qwen3(bool attention_bias, std::vector<std::size_t> windows) {
  CausalLmShape shape = model_of("qwen3", block_of(4, 2, 10));
  shape.block.attention_bias = shape.block.output_bias = attention_bias;
  shape.block.qk_norm = true;
  shape.windows = std::move(windows);
  return shape;
}

inline CausalLmShape gpt_neox(bool parallel, std::size_t rotary_columns, bool attention_bias) {
  using painters::layers::Arrangement;
  CausalLmShape shape = model_of("gpt_neox", block_of(4, 4, 8));
  shape.block.norm = painters::layers::NormKind::layer;
  shape.block.arrangement = parallel ? Arrangement::parallel : Arrangement::pre_norm;
  shape.block.hidden_act = painters::backend::Activation::gelu;
  shape.block.gated = false;
  shape.block.rotary_columns = rotary_columns;
  shape.block.attention_bias = shape.block.output_bias = attention_bias;
  shape.block.mlp_bias = true;
  return shape;
}

inline CausalLmShape tied(CausalLmShape shape) {
  shape.tied = true;
  return shape;
}

/// Frequencies of all three kinds: kept, scaled, and in between.
inline const RopeScaling llama3{"llama3", 8, 1, 4, 40};

inline const std::vector<CausalLmShape>& all_families() {
  static const std::vector<CausalLmShape> all{llama(false, false),
                                              tied(llama(true, true)),
                                              llama(true, false, llama3),
                                              llama(false, true, {"linear", 2.5}),
                                              mistral(0),
                                              mistral(1),
                                              mistral(3),
                                              qwen2({}),
                                              tied(qwen2({4, 4, 4})),
                                              qwen2({0, 3, 0}),
                                              qwen3(false, {}),
                                              qwen3(true, {0, 0, 2}),
                                              gpt_neox(true, 2, true),
                                              gpt_neox(false, 8, true),
                                              tied(gpt_neox(true, 4, false)),
                                              gpt_neox(false, 0, false)};
  return all;
}

}  // namespace support
