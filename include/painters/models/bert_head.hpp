// What a BERT makes of its last states: the pooler, classes or values, tokens in place of masks.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include <painters/backend/activation.hpp>
#include <painters/backend/concept.hpp>
#include <painters/layers/hidden_states.hpp>
#include <painters/layers/language_model_head.hpp>
#include <painters/layers/linear.hpp>
#include <painters/models/bert_file.hpp>
#include <painters/models/stored_linear.hpp>
#include <painters/models/stored_norm.hpp>
#include <painters/tensor/buffer.hpp>
#include <painters/tensor/matrix.hpp>

namespace painters::models {

/// Texts are the segments of a batch, in their order.
template <backend::Backend B>
class BertHead {
 public:
  /// As the file has it.
  BertHead(B& backend, const BertFile& file)
      : kind_(file.head()), activation_(file.config().hidden_act) {
    const std::size_t hidden_size = file.config().hidden_size;
    if (file.has_pooler())
      pooler_ = linear(backend, file.linear({file.names().pooler}, 0, hidden_size, hidden_size));
    if (kind_ == BertHeadKind::classifier) {
      classifier_ = linear(backend, file.classifier());
    } else if (kind_ == BertHeadKind::masked_lm) {
      transform_ = linear(backend, file.transform());
      vocabulary_.emplace(backend, norm(backend, file.transform_norm()), file.vocabulary());
      vocabulary_bias_ = file.vocabulary_bias();
    }
  }

  /// What it is.
  BertHeadKind kind() const { return kind_; }
  /// Whether pooled() can be called.
  bool has_pooler() const { return pooler_.has_value(); }

  /// tanh(W h + b) of the state h of each text's first token, [CLS]: [texts, hidden_size]. The
  /// model must have a pooler.
  tensor::Buffer pooled(const layers::HiddenStates<B>& x) const {
    assert(pooler_);
    const auto& texts = x.batch().segments();
    tensor::Buffer first(texts.size(), x.values().cols);
    for (std::size_t i = 0; i < texts.size(); ++i)
      std::copy_n(x.values().row(texts[i].first_row), first.cols(), first.view().row(i));
    tensor::Buffer y = times(x.backend(), *pooler_, first.view(), first.cols());
    x.backend().activate(backend::Activation::tanh, y.view());
    return y;
  }

  /// With a classifier or a regression [texts, num_labels]; with a masked-language-model head
  /// [tokens, vocab_size]; with a pooler alone what that gives, [texts, hidden_size]; no rows for a
  /// model without a head.
  tensor::Buffer logits(const layers::HiddenStates<B>& x) const {
    if (kind_ == BertHeadKind::none) return {0, 0};
    if (kind_ == BertHeadKind::masked_lm) return token_logits(x);
    tensor::Buffer y = pooled(x);
    if (kind_ == BertHeadKind::pooler) return y;
    return times(x.backend(), *classifier_, y.view(), classifier_->bias.size());
  }

 private:
  static tensor::Buffer times(B& backend, const layers::Linear<B>& linear, tensor::ConstMatrix x,
                              std::size_t outputs) {
    tensor::Buffer y(x.rows, outputs);
    linear.open(backend)(backend, x, y.view());
    return y;
  }

  /// W norm(f(W_transform h + b)) + b.
  tensor::Buffer token_logits(const layers::HiddenStates<B>& x) const {
    B& backend = x.backend();
    tensor::Buffer inner(x.values().rows, x.values().cols);
    const auto transform = transform_->open(backend);
    backend.for_row_blocks(inner.rows(),
                           [&](std::size_t first, std::size_t count, typename B::Workspace&) {
                             const tensor::Matrix block = inner.view().middle_rows(first, count);
                             transform(backend, x.values().middle_rows(first, count), block);
                             backend.activate(activation_, block);
                           });
    tensor::Buffer logits(inner.rows(), vocabulary_->vocab_size());
    vocabulary_->logits(backend, std::as_const(inner).view(), logits.view());
    backend.add_bias(logits.view(), vocabulary_bias_);
    return logits;
  }

  BertHeadKind kind_;
  backend::Activation activation_;
  std::optional<layers::Linear<B>> pooler_, classifier_, transform_;
  std::optional<layers::LanguageModelHead<B>> vocabulary_;
  std::vector<float> vocabulary_bias_;
};

}  // namespace painters::models
