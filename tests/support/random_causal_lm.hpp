// A small causal language model of random weights and any family: as GGUF, as a Hugging Face
// folder, and in double precision.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

#include <painters/layers/hook_point.hpp>
#include <painters/plan/node.hpp>
#include <painters/tensor/packed_batch.hpp>
#include <painters/text/token.hpp>

#include "pipeline/toys.hpp"
#include "support/causal_lm_gguf.hpp"
#include "support/causal_lm_hugging_face.hpp"
#include "support/causal_lm_weights.hpp"
#include "support/doubles.hpp"

namespace support {

class RandomCausalLm {
 public:
  using Type = painters::tensor::ElementType;

  explicit RandomCausalLm(const CausalLmShape& shape, unsigned seed = 1, Type type = Type::f32)
      : weights_(shape, seed, type) {}

  const CausalLmShape& shape() const { return weights_.shape; }
  GgufParts gguf() const { return gguf_parts(weights_); }
  HuggingFaceParts hugging_face() const { return hugging_face_parts(weights_); }

  /// The states before the first layer.
  Doubles embed(std::span<const painters::text::TokenId> tokens) const {
    const Doubles table(weights_.embedding.values.view());
    Doubles x(tokens.size(), table.cols);
    for (std::size_t r = 0; r < x.rows; ++r)
      for (std::size_t c = 0; c < x.cols; ++c)
        x(r, c) = table(static_cast<std::size_t>(tokens[r]), c);
    return x;
  }
  /// A text's states after `plan`; `tap` looks into every call of a layer.
  Doubles run(painters::PlanView plan, Doubles x,
              const std::function<void(std::uint32_t layer, painters::layers::HookPoint, Doubles&,
                                       std::size_t heads)>& tap = {}) const {
    const auto batch = painters::tensor::single_sequence(x.rows);
    const auto call = [&](std::uint32_t layer, painters::Part part, const toys::Vector& values) {
      Doubles state = x;
      state.values = values;
      if (!tap) return weights_.blocks[layer].call(part, state, batch).values;
      return weights_.blocks[layer]
          .call(part, state, batch,
                [&](painters::layers::HookPoint point, Doubles& at, std::size_t heads) {
                  tap(layer, point, at, heads);
                })
          .values;
    };
    x.values = toys::meaning(plan, x.values, call);
    return x;
  }
  Doubles logits(painters::PlanView plan, std::span<const painters::text::TokenId> tokens) const {
    return unembed(run(plan, embed(tokens)));
  }
  /// The logits of states.
  Doubles unembed(const Doubles& x) const {
    return product(RandomBlock::normed(x, weights_.final_norm),
                   Doubles(weights_.head.values.view()));
  }

 private:
  CausalLmWeights weights_;
};

}  // namespace support
