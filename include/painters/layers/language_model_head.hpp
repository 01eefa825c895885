// From hidden states to the vocabulary: final normalisation and logits, a slice of the vocabulary
// at a time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <painters/backend/concept.hpp>
#include <painters/layers/norm.hpp>
#include <painters/tensor/matrix.hpp>
#include <painters/tensor/weight.hpp>

namespace painters::layers {

/// logits = W norm(h), never all of them at once where only likelihoods are asked for.
template <backend::Backend B>
class LanguageModelHead {
 public:
  /// `vocabulary`: [vocab_size, hidden_size], a row for each token.
  LanguageModelHead(B& backend, Norm norm, const tensor::Weight& vocabulary)
      : norm_(std::move(norm)), hidden_size_(vocabulary.cols) {
    for (std::size_t first = 0; first < vocabulary.rows; first += slice_rows)
      slices_.push_back(backend.pack(
          {vocabulary.middle_rows(first, std::min(slice_rows, vocabulary.rows - first))}));
    vocab_size_ = vocabulary.rows;
  }

  /// Tokens that have a logit.
  std::size_t vocab_size() const { return vocab_size_; }

  /// logits [rows, vocab_size] of hidden states [rows, hidden_size].
  void logits(B& backend, tensor::ConstMatrix hidden, tensor::Matrix logits) const {
    for_each_slice(backend, hidden.rows, [&](const Slice& slice) {
      const tensor::ConstMatrix x = hidden.middle_rows(slice.first, slice.count);
      const tensor::Matrix normed = slice.workspace.matrix(slice.count, hidden_size_);
      norm_(backend, x, normed);
      backend.product(
          normed, slice.weight,
          logits.middle_rows(slice.first, slice.count).middle_cols(slice.first_id, slice.ids));
    });
  }

  /// The likelihoods of the tokens that `rows` name as targets, a row of hidden states each.
  void token_likelihoods(B& backend, tensor::ConstMatrix hidden,
                         std::span<backend::TokenLikelihood> rows) const {
    for_each_slice(backend, hidden.rows, [&](const Slice& slice) {
      const tensor::Matrix normed = slice.workspace.matrix(slice.count, hidden_size_);
      const tensor::Matrix logits = slice.workspace.matrix(slice.count, slice.ids);
      norm_(backend, hidden.middle_rows(slice.first, slice.count), normed);
      backend.product(normed, slice.weight, logits);
      backend.token_likelihoods(logits, static_cast<std::int32_t>(slice.first_id),
                                rows.subspan(slice.first, slice.count));
    });
  }

 private:
  static constexpr std::size_t slice_rows = 2048;  // logits of a block of rows stay in the cache

  struct Slice {
    std::size_t first, count;  // rows of hidden states
    std::size_t first_id, ids;
    const typename B::OpenWeight& weight;
    typename B::Workspace& workspace;
  };

  template <class F>
  void for_each_slice(B& backend, std::size_t rows, const F& f) const {
    for (std::size_t s = 0; s < slices_.size(); ++s) {
      const std::size_t first_id = s * slice_rows;
      const std::size_t ids = std::min(slice_rows, vocab_size_ - first_id);
      const auto weight = backend.open(slices_[s]);
      backend.for_row_blocks(
          rows, [&](std::size_t first, std::size_t count, typename B::Workspace& workspace) {
            f(Slice{first, count, first_id, ids, weight, workspace});
          });
    }
  }

  Norm norm_;
  std::size_t hidden_size_;
  std::size_t vocab_size_ = 0;
  std::vector<typename B::PackedWeight> slices_;
};

}  // namespace painters::layers
