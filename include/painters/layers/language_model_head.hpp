// From hidden states to the vocabulary: final normalisation and logits, a slice of the vocabulary
// at a time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <painters/backend/concept.hpp>
#include <painters/backend/token_likelihood.hpp>
#include <painters/error.hpp>
#include <painters/layers/norm.hpp>
#include <painters/tensor/weight.hpp>

namespace painters::layers {

/// logits = W norm(h), never all of them at once where only likelihoods are wanted.
template <backend::Backend B>
class LanguageModelHead {
 public:
  /// `vocabulary`: [vocab_size, hidden_size], a row for each token; its bytes must outlive this.
  /// Throws Error unless there is one and the norm is as long as a row.
  LanguageModelHead(B& backend, Norm<B> norm, const tensor::Weight& vocabulary)
      : norm_(std::move(norm)), hidden_size_(vocabulary.cols) {
    constexpr std::size_t most = std::numeric_limits<std::int32_t>::max();
    if (vocabulary.rows == 0 || vocabulary.rows > most)
      throw Error("expected a vocabulary of 1 to " + std::to_string(most) + " tokens, found " +
                  std::to_string(vocabulary.rows));
    if (norm_.weight.size() != hidden_size_)
      throw Error("expected a normalisation of " + std::to_string(hidden_size_) +
                  " values, as a row of the vocabulary has, found " +
                  std::to_string(norm_.weight.size()) + ": the two belong to different models");
    for (std::size_t first = 0; first < vocabulary.rows; first += slice_rows)
      slices_.push_back(backend.pack(
          {vocabulary.middle_rows(first, std::min(slice_rows, vocabulary.rows - first))}));
    vocab_size_ = vocabulary.rows;
  }

  /// How many tokens have a logit.
  std::size_t vocab_size() const { return vocab_size_; }

  /// logits [rows, vocab_size] of hidden states [rows, hidden_size]. Throws Error for other sizes.
  void logits(B& backend, typename B::ConstMatrix hidden, typename B::Matrix logits) const {
    require_columns(hidden.cols);
    if (logits.rows != hidden.rows || logits.cols != vocab_size_)
      throw Error("expected room for logits of " + std::to_string(hidden.rows) + " x " +
                  std::to_string(vocab_size_) + ", found " + std::to_string(logits.rows) + " x " +
                  std::to_string(logits.cols));
    for_each_slice(backend, hidden, [&](const Slice& slice, typename B::ConstMatrix normed) {
      slice.lane.product(
          normed, slice.weight,
          logits.middle_rows(slice.first, slice.count).middle_cols(slice.first_id, slice.ids));
    });
  }

  /// The likelihood of targets[i] after row i of `hidden`, which is [targets, hidden_size]. Throws
  /// Error for other sizes and for targets outside the vocabulary.
  std::vector<backend::TokenLikelihood> token_likelihoods(
      B& backend, typename B::ConstMatrix hidden, std::span<const std::int32_t> targets) const {
    require_columns(hidden.cols);
    if (targets.size() != hidden.rows)
      throw Error("expected a token for each of " + std::to_string(hidden.rows) +
                  " states, found " + std::to_string(targets.size()));
    for (const std::int32_t id : targets)
      if (id < 0 || static_cast<std::size_t>(id) >= vocab_size_)
        throw Error("expected tokens of 0 to " + std::to_string(vocab_size_ - 1) + ", found " +
                    std::to_string(id));
    auto likelihoods = backend.likelihoods(targets);
    for_each_slice(backend, hidden, [&](const Slice& slice, typename B::ConstMatrix normed) {
      const typename B::Matrix logits = slice.lane.matrix(slice.count, slice.ids);
      slice.lane.product(normed, slice.weight, logits);
      slice.lane.token_likelihoods(logits, static_cast<std::int32_t>(slice.first_id), likelihoods,
                                   slice.first);
    });
    return backend.download(likelihoods);
  }

 private:
  static constexpr std::size_t slice_rows = 2048;  // logits of a block of rows stay in the cache

  void require_columns(std::size_t found) const {
    if (found != hidden_size_)
      throw Error("expected states of " + std::to_string(hidden_size_) + " values, found " +
                  std::to_string(found) + ": a head takes states of its own model");
  }

  struct Slice {
    std::size_t first, count;  // rows of hidden states
    std::size_t first_id, ids;
    const typename B::OpenWeight& weight;
    typename B::Lane& lane;
  };

  /// Calls f(slice, normed) for each slice of the vocabulary and each block of rows, normalised.
  template <class F>
  void for_each_slice(B& backend, typename B::ConstMatrix hidden, const F& f) const {
    for (std::size_t s = 0; s < slices_.size(); ++s) {
      const std::size_t first_id = s * slice_rows;
      const std::size_t ids = std::min(slice_rows, vocab_size_ - first_id);
      const auto weight = backend.open(slices_[s]);
      backend.for_row_blocks(hidden.rows, {&weight},
                             [&](std::size_t first, std::size_t count, typename B::Lane& lane) {
                               const typename B::Matrix normed = lane.matrix(count, hidden_size_);
                               norm_(lane, hidden.middle_rows(first, count), normed);
                               f(Slice{first, count, first_id, ids, weight, lane}, normed);
                             });
    }
  }

  Norm<B> norm_;
  std::size_t hidden_size_;
  std::size_t vocab_size_ = 0;
  std::vector<typename B::PackedWeight> slices_;
};

}  // namespace painters::layers
