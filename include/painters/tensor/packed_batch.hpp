// Packed ragged batches: texts of any length in one matrix without padding, shared beginnings
// stored once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <painters/error.hpp>

namespace painters::tensor {

/// A run of consecutive tokens. A segment with a parent continues it: its tokens see every token of
/// all its ancestors, and of its own segment those up to themselves (all of them where attention is
/// not causal).
struct Segment {
  /// The parent of a segment that begins a text.
  static constexpr std::size_t no_parent = static_cast<std::size_t>(-1);

  std::size_t first_row = 0;       // its tokens are rows first_row .. first_row + length - 1
  std::size_t length = 0;          // tokens
  std::size_t parent = no_parent;  // the number of the segment that it continues
  std::size_t first_position = 0;  // of its first token, counted from the beginning of its text

  friend bool operator==(const Segment&, const Segment&) = default;
};

/// The rows of a batch and how they belong together. Parents come before their children.
class PackedBatch {
 public:
  /// Adds `length` rows; returns the number of the new segment. Throws UsageError for a parent that
  /// was not added before and for a text of 2^32 tokens or more.
  std::size_t add(std::size_t length, std::size_t parent = Segment::no_parent) {
    std::size_t position = 0;
    if (parent != Segment::no_parent) {
      require(parent, segments_.size(), "the segment");
      position = segments_[parent].first_position + segments_[parent].length;
    }
    if (constexpr std::size_t most = std::numeric_limits<std::uint32_t>::max();
        length > most - position)
      throw UsageError("expected a text of at most " + std::to_string(most) +
                       " tokens, found one of " + std::to_string(position) + " and " +
                       std::to_string(length) + " more: shorten it");
    segments_.push_back({positions_.size(), length, parent, position});
    for (std::size_t i = 0; i < length; ++i) {
      all_rows_.push_back(positions_.size());
      positions_.push_back(static_cast<std::uint32_t>(position + i));
    }
    return segments_.size() - 1;
  }

  /// Tokens of all segments.
  std::size_t rows() const { return positions_.size(); }
  /// 0 .. rows() - 1.
  const std::vector<std::size_t>& all_rows() const { return all_rows_; }
  /// In the order in which they were added.
  const std::vector<Segment>& segments() const { return segments_; }
  /// The position of every row in its text, for rotary and learned position embeddings.
  const std::vector<std::uint32_t>& positions() const { return positions_; }

  /// The segment that a row belongs to. Throws UsageError if there is no such row.
  std::size_t segment_of(std::size_t row) const {
    require(row, rows(), "the row");
    std::size_t first = 0, end = segments_.size();
    while (end - first > 1) {  // segments follow one another; the last of those that begin at a row
      const std::size_t middle = (first + end) / 2;  // is the one that is not empty
      (segments_[middle].first_row <= row ? first : end) = middle;
    }
    return first;
  }

  /// The segments that segment s attends to: its ancestors from the root on, then s itself.
  /// Throws UsageError if there is no such segment.
  std::vector<std::size_t> chain(std::size_t s) const {
    require(s, segments_.size(), "the segment");
    std::size_t count = 1;
    for (std::size_t p = segments_[s].parent; p != Segment::no_parent; p = segments_[p].parent)
      ++count;
    std::vector<std::size_t> result(count);
    for (std::size_t p = s; count > 0; p = segments_[p].parent) result[--count] = p;
    return result;
  }

  /// Whether the rows of both belong together in the same way.
  friend bool operator==(const PackedBatch&, const PackedBatch&) = default;

 private:
  static void require(std::size_t number, std::size_t count, const char* what) {
    if (number < count) return;
    throw UsageError("expected " + std::string(what) + " of a batch to be one of its " +
                     std::to_string(count) + ", found number " + std::to_string(number) +
                     ": count from 0, in the order in which they were added");
  }

  std::vector<Segment> segments_;
  std::vector<std::uint32_t> positions_;
  std::vector<std::size_t> all_rows_;
};

/// One text of `tokens` tokens.
inline PackedBatch single_sequence(std::size_t tokens) {
  PackedBatch batch;
  batch.add(tokens);
  return batch;
}

}  // namespace painters::tensor
