// Packs texts into one batch in which a common beginning is stored, and computed, once.
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include <painters/error.hpp>
#include <painters/tensor/packed_batch.hpp>
#include <painters/text/token.hpp>

namespace painters::engine {

/// What texts have in common is stored once.
enum class Sharing {
  beginnings,   // of causal models
  equal_texts,  // where a token depends on those after it, too
  nothing       // where hooks tell texts apart: each is a segment, in the order of the texts
};

/// A tree of token segments. Sharing is found from the tokens alone.
class TokenTree {
 public:
  /// Texts are numbered from 0, as they are given; one may be given twice.
  explicit TokenTree(std::span<const text::Tokens> texts, Sharing sharing = Sharing::beginnings)
      : shares_beginnings_(sharing == Sharing::beginnings), ends_(texts.size()) {
    if (sharing == Sharing::nothing) {
      for (std::size_t i = 0; i < texts.size(); ++i)
        ends_[i] = add(texts[i], 0, texts[i].size(), tensor::Segment::no_parent);
      return;
    }
    std::vector<std::size_t> order(texts.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return texts[a] < texts[b]; });
    build(texts, order, 0, tensor::Segment::no_parent);
  }

  /// The segments of the tree, parents before children.
  const tensor::PackedBatch& batch() const { return batch_; }
  /// The token of every row.
  const text::Tokens& tokens() const { return tokens_; }

  /// How many tokens text number `text` has. This and row() throw UsageError for what is not there.
  std::size_t size(std::size_t text) const {
    if (text >= ends_.size())
      throw UsageError("expected one of " + std::to_string(ends_.size()) + " texts, found number " +
                       std::to_string(text) + ": count from 0");
    const tensor::Segment& end = batch_.segments()[ends_[text]];
    return end.first_position + end.length;
  }

  /// The row of token number `position` of text number `text`.
  std::size_t row(std::size_t text, std::size_t position) const {
    if (position >= size(text))
      throw UsageError("expected a token of a text of " + std::to_string(size(text)) +
                       " tokens, found number " + std::to_string(position) + ": count from 0");
    std::size_t s = ends_[text];
    while (batch_.segments()[s].first_position > position) s = batch_.segments()[s].parent;
    return batch_.segments()[s].first_row + position - batch_.segments()[s].first_position;
  }

 private:
  static std::size_t common(const text::Tokens& a, const text::Tokens& b, std::size_t from) {
    const std::size_t end = std::min(a.size(), b.size());
    std::size_t i = from;
    while (i < end && a[i] == b[i]) ++i;
    return i - from;
  }

  std::size_t add(const text::Tokens& text, std::size_t from, std::size_t count,
                  std::size_t parent) {
    tokens_.insert(tokens_.end(), text.begin() + static_cast<std::ptrdiff_t>(from),
                   text.begin() + static_cast<std::ptrdiff_t>(from + count));
    return batch_.add(count, parent);
  }

  /// Adds texts, in ascending order, that share their first `depth` tokens, which end with
  /// `parent`.
  void build(std::span<const text::Tokens> texts, std::span<const std::size_t> order,
             std::size_t depth, std::size_t parent) {
    while (!order.empty()) {
      const text::Tokens& first = texts[order[0]];
      // Neighbours share the most, so the group goes on as long as anything is shared.
      std::size_t shared = first.size() - depth, group = 1;
      for (; group < order.size(); ++group) {
        const std::size_t next = std::min(shared, common(first, texts[order[group]], depth));
        const bool same = texts[order[group]] == first;
        if (!same && (next == 0 || !shares_beginnings_)) break;
        shared = next;
      }
      const std::size_t segment = add(first, depth, shared, parent);
      std::size_t ended = 0;  // those that end here come first
      while (ended < group && texts[order[ended]].size() == depth + shared)
        ends_[order[ended++]] = segment;
      build(texts, order.subspan(ended, group - ended), depth + shared, segment);
      order = order.subspan(group);
    }
  }

  bool shares_beginnings_;
  tensor::PackedBatch batch_;
  text::Tokens tokens_;
  std::vector<std::size_t> ends_;  // the segment that holds a text's last token
};

}  // namespace painters::engine
