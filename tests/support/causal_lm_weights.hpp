// The random weights of a small causal language model of any family.
#pragma once

#include <cmath>
#include <cstddef>
#include <numbers>
#include <string>
#include <vector>

#include <painters/layers/norm.hpp>
#include <painters/models/stored_norm.hpp>
#include <painters/tensor/element_type.hpp>

#include "support/random.hpp"
#include "support/random_block.hpp"

namespace support {

/// How frequencies of rotary embedding are scaled; the names are those of config.json.
struct RopeScaling {
  std::string rope_type = "default";  // or "linear", "llama3"
  double factor = 1, low_freq_factor = 1, high_freq_factor = 4;
  double original_max_position_embeddings = 0;

  /// The frequency as scaled.
  double operator()(double frequency) const {
    if (rope_type == "default") return frequency;
    if (rope_type == "linear") return frequency / factor;
    // By how many waves fit into the original context: frequencies with few are scaled, those with
    // many are not.
    const double waves = original_max_position_embeddings * frequency / (2 * std::numbers::pi);
    const double kept = std::fmin(
        1, std::fmax(0, (waves - low_freq_factor) / (high_freq_factor - low_freq_factor)));
    return frequency * (kept + (1 - kept) / factor);
  }
};

struct CausalLmShape {
  BlockShape block{32, 48, {4, 2, 8}};
  std::size_t layers = 4, vocab_size = 60, max_position_embeddings = 64;
  bool tied = false;
  std::string family = "llama";  // model_type of config.json
  RopeScaling scaling = {};
  std::vector<std::size_t> windows = {};  // one for each layer, 0: none; empty: none at all
};

struct CausalLmWeights {
  using Type = painters::tensor::ElementType;

  CausalLmShape shape;
  std::vector<RandomBlock> blocks;
  painters::models::StoredNorm final_norm;
  RandomLinear embedding, head;  // equal if they are tied

  explicit CausalLmWeights(const CausalLmShape& s, unsigned seed = 1, Type type = Type::f32)
      : shape(s) {
    Random random(seed);
    for (std::size_t i = 0; i < s.layers; ++i) {
      BlockShape block = s.block;
      if (!s.windows.empty()) block.attention.window = s.windows[i];
      blocks.emplace_back(block, random, type);
      for (double& frequency : blocks.back().frequencies) frequency = s.scaling(frequency);
    }
    final_norm = RandomBlock(s.block, random, Type::f32).ffn_norm;
    const auto table = [&] {
      return RandomLinear{random_weight(type, s.vocab_size, s.block.hidden_size, random, 0, 0.5f),
                          {}};
    };
    embedding = table();
    head = s.tied ? embedding : table();
  }
};

}  // namespace support
