// Floating-point operations of a model's layers and head: a multiply-add counts 2, and only matrix
// products and attention count, as is usual (normalisations and activations are under 1 %).
#pragma once

#include <algorithm>
#include <cstddef>

#include <painters/layers/parts.hpp>
#include <painters/models/model_shape.hpp>
#include <painters/plan/node.hpp>

namespace painters::models {

/// Texts that go through the layers together, all of one length but perhaps the last.
struct Workload {
  std::size_t tokens = 1000;          // of all texts
  std::size_t tokens_per_text = 128;  // at least 1
};

/// Pairs of a token and one that it sees, itself included, in a text of so many tokens.
constexpr double attention_pairs(const ModelShape& shape, std::size_t tokens) {
  const auto n = static_cast<double>(tokens);
  if (!shape.is_causal) return n * n;
  const auto window = static_cast<double>(
      shape.sliding_window == 0 ? tokens : std::min(tokens, shape.sliding_window));
  return window * (window + 1) / 2 + (n - window) * window;
}

/// The same in all texts. Throws UsageError for texts without tokens.
constexpr double attention_pairs(const ModelShape& shape, const Workload& work) {
  if (work.tokens_per_text == 0)
    throw UsageError("expected texts of at least one token, found tokens_per_text of 0");
  return static_cast<double>(work.tokens / work.tokens_per_text) *
             attention_pairs(shape, work.tokens_per_text) +
         attention_pairs(shape, work.tokens % work.tokens_per_text);
}

/// FLOPs of scores and weighted values, for these pairs: the part of attention that is not a
/// product with weights.
constexpr double pair_flops(const ModelShape& shape, double pairs) {
  return 4 * static_cast<double>(shape.query_size()) * pairs;
}

/// FLOPs of a call of a layer, or of layers::attention or layers::ffn.
constexpr double flops(const ModelShape& shape, const Workload& work, Part part = whole) {
  const double products =
      2 * static_cast<double>(matrix_parameters(shape, part)) * static_cast<double>(work.tokens);
  return part == layers::ffn ? products
                             : products + pair_flops(shape, attention_pairs(shape, work));
}

/// FLOPs of the head for a token whose logits are needed; for a model without such logits, for a
/// text.
constexpr double head_flops(const ModelShape& shape) {
  const auto width = static_cast<double>(shape.hidden_size);
  double outputs = 0;
  if (shape.head != Head::none)
    outputs = static_cast<double>(shape.vocab_size) + (shape.transforms_head ? width : 0);
  else if (shape.pooler)
    outputs = width + static_cast<double>(shape.num_labels);
  return 2 * width * outputs;
}

}  // namespace painters::models
