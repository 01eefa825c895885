// The kinds of transformer blocks that tests of layers run over, and texts for them.
#pragma once

#include <cstddef>

#include <painters/backend/activation.hpp>
#include <painters/layers/norm.hpp>
#include <painters/layers/transformer_block.hpp>
#include <painters/tensor/packed_batch.hpp>

#include "support/random_block.hpp"

namespace support {

/// A block of a family, or a combination that no family has.
struct Kind {
  const char* name;
  BlockShape shape;
};

/// All of them.
inline const Kind kinds[] = {
    {"llama", {32, 48, {4, 2, 8}}},
    {"llama with nine heads", {64, 128, {9, 3, 16}, 100000}},
    {"llama with one head", {40, 33, {1, 1, 6}, 500, 1e-3f}},
    {"llama with wide heads", {96, 64, {5, 1, 80}, 10000, 1e-6f}},
    {"mistral", {32, 48, {4, 2, 8, true, 6}}},
    {"mistral with a window of one", {32, 48, {6, 2, 16, true, 1}}},
    {"qwen2",
     {.hidden_size = 48, .intermediate_size = 40, .attention = {6, 2, 8}, .attention_bias = true}},
    {"qwen3",
     {.hidden_size = 40,
      .intermediate_size = 64,
      .attention = {4, 2, 16},
      .theta = 1000000,
      .qk_norm = true}},
    {"gpt_neox",
     {.hidden_size = 64,
      .intermediate_size = 96,
      .attention = {4, 4, 16},
      .arrangement = painters::layers::Arrangement::parallel,
      .norm = painters::layers::NormKind::layer,
      .hidden_act = painters::backend::Activation::gelu,
      .gated = false,
      .rotary_columns = 4,
      .attention_bias = true,
      .output_bias = true,
      .mlp_bias = true}},
    {"gpt_neox in sequence",
     {.hidden_size = 33,
      .intermediate_size = 50,
      .attention = {3, 3, 10},
      .norm = painters::layers::NormKind::layer,
      .hidden_act = painters::backend::Activation::gelu_tanh,
      .gated = false,
      .rotary_columns = 6,
      .attention_bias = true,
      .output_bias = true,
      .mlp_bias = true}},
    {"bert",
     {.hidden_size = 48,
      .intermediate_size = 64,
      .attention = {4, 4, 12, false},
      .eps = 1e-12f,
      .arrangement = painters::layers::Arrangement::post_norm,
      .norm = painters::layers::NormKind::layer,
      .hidden_act = painters::backend::Activation::gelu,
      .gated = false,
      .rotary_columns = 0,
      .attention_bias = true,
      .output_bias = true,
      .mlp_bias = true}},
    {"parallel, windowed, gated with relu",
     {.hidden_size = 35,
      .intermediate_size = 30,
      .attention = {4, 2, 8, true, 40},
      .arrangement = painters::layers::Arrangement::parallel,
      .hidden_act = painters::backend::Activation::relu,
      .qk_norm = true}},
    {"post-norm with rms, causal, gated with tanh",
     {.hidden_size = 40,
      .intermediate_size = 31,
      .attention = {5, 1, 8},
      .arrangement = painters::layers::Arrangement::post_norm,
      .hidden_act = painters::backend::Activation::tanh,
      .rotary_columns = 2,
      .output_bias = true,
      .mlp_bias = true,
      .qk_norm = true}}};

/// Segments 2 and 5 are texts of their own that nothing continues.
inline painters::tensor::PackedBatch some_texts() {
  painters::tensor::PackedBatch batch;
  const std::size_t question = batch.add(37);
  batch.add(4, question);
  batch.add(70);
  const std::size_t answer = batch.add(1, question);
  batch.add(12, answer);
  batch.add(1);
  return batch;
}

}  // namespace support
