// What a BERT makes of its last states: the pooler, classes or values, tokens in place of masks.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <painters/backend/activation.hpp>
#include <painters/backend/concept.hpp>
#include <painters/error.hpp>
#include <painters/layers/hidden_states.hpp>
#include <painters/layers/language_model_head.hpp>
#include <painters/layers/linear.hpp>
#include <painters/models/bert_file.hpp>
#include <painters/models/stored_linear.hpp>
#include <painters/models/stored_norm.hpp>
#include <painters/tensor/packed_batch.hpp>

namespace painters::models {

/// Texts are the segments of a batch, in their order.
template <backend::Backend B>
class BertHead {
 public:
  /// The head that the file has.
  BertHead(B& backend, const BertFile& file)
      : kind_(file.head()),
        activation_(file.config().hidden_act),
        hidden_size_(file.config().hidden_size) {
    const std::size_t hidden_size = hidden_size_;
    if (file.has_pooler())
      pooler_ = linear(backend, file.linear({file.names().pooler}, 0, hidden_size, hidden_size));
    if (kind_ == BertHeadKind::classifier) {
      classifier_ = linear(backend, file.classifier());
    } else if (kind_ == BertHeadKind::masked_lm) {
      transform_ = linear(backend, file.transform());
      vocabulary_.emplace(backend, norm(backend, file.transform_norm()), file.vocabulary());
      vocabulary_bias_ = backend.vector(file.vocabulary_bias());
    }
  }

  /// Which head it is.
  BertHeadKind kind() const { return kind_; }
  /// Whether pooled() can be called.
  bool has_pooler() const { return pooler_.has_value(); }

  /// tanh(W h + b) of the state h of each text's first token, [CLS]: [texts, hidden_size]. Throws
  /// Error if the model has no pooler, for a text without tokens, and as logits() does.
  typename B::Buffer pooled(const layers::HiddenStates<B>& x) const {
    if (!pooler_)
      throw Error("expected a model with a pooler, found an encoder alone: use its states");
    require_states(x);
    std::vector<std::size_t> first;
    for (const tensor::Segment& text : x.batch().segments()) {
      if (text.length == 0)
        throw Error("expected texts of at least one token, found one without: leave it out");
      first.push_back(text.first_row);
    }
    auto states = x.backend().buffer(first.size(), x.values().cols);
    take_rows(x, first, states.view());
    auto y = x.backend().buffer(first.size(), x.values().cols);
    const auto open = pooler_->open(x.backend());
    x.backend().for_row_blocks(
        first.size(), {&open.weight},
        [&](std::size_t begin, std::size_t count, typename B::Lane& lane) {
          const typename B::Matrix block = y.view().middle_rows(begin, count);
          open(lane, std::as_const(states).view().middle_rows(begin, count), block);
          lane.activate(backend::Activation::tanh, block);
        });
    return y;
  }

  /// With a classifier or a regression [texts, num_labels]; with a masked-language-model head
  /// [tokens, vocab_size]; with a pooler alone what that gives, [texts, hidden_size]; no rows for a
  /// model without a head. Throws Error for states of another model's size.
  typename B::Buffer logits(const layers::HiddenStates<B>& x) const {
    require_states(x);
    if (kind_ == BertHeadKind::none) return x.backend().buffer(0, 0);
    if (kind_ == BertHeadKind::masked_lm) return token_logits(x);
    typename B::Buffer pooled_states = pooled(x);
    return kind_ == BertHeadKind::pooler ? pooled_states : labels(x.backend(), pooled_states);
  }

 private:
  void require_states(const layers::HiddenStates<B>& x) const {
    if (x.values().cols != hidden_size_)
      throw Error("expected states of " + std::to_string(hidden_size_) + " values, found " +
                  std::to_string(x.values().cols) + ": a head takes states of its own model");
  }

  typename B::Buffer labels(B& backend, const typename B::Buffer& pooled_states) const {
    auto y = backend.buffer(pooled_states.rows(), classifier_->bias.size());
    const auto open = classifier_->open(backend);
    backend.for_row_blocks(y.rows(), {&open.weight},
                           [&](std::size_t first, std::size_t count, typename B::Lane& lane) {
                             open(lane, pooled_states.view().middle_rows(first, count),
                                  y.view().middle_rows(first, count));
                           });
    return y;
  }

  /// W norm(f(W_transform h + b)) + b.
  typename B::Buffer token_logits(const layers::HiddenStates<B>& x) const {
    B& backend = x.backend();
    auto inner = backend.buffer(x.values().rows, x.values().cols);
    const auto transform = transform_->open(backend);
    backend.for_row_blocks(inner.rows(), {&transform.weight},
                           [&](std::size_t first, std::size_t count, typename B::Lane& lane) {
                             const typename B::Matrix block =
                                 inner.view().middle_rows(first, count);
                             transform(lane, x.values().middle_rows(first, count), block);
                             lane.activate(activation_, block);
                           });
    auto logits = backend.buffer(inner.rows(), vocabulary_->vocab_size());
    vocabulary_->logits(backend, std::as_const(inner).view(), logits.view());
    backend.for_row_blocks(
        logits.rows(), {}, [&](std::size_t first, std::size_t count, typename B::Lane& lane) {
          lane.add_bias(logits.view().middle_rows(first, count), vocabulary_bias_);
        });
    return logits;
  }

  BertHeadKind kind_;
  backend::Activation activation_;
  std::size_t hidden_size_;
  std::optional<layers::Linear<B>> pooler_, classifier_, transform_;
  std::optional<layers::LanguageModelHead<B>> vocabulary_;
  typename B::Vector vocabulary_bias_ = {};
};

}  // namespace painters::models
