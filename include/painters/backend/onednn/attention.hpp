// Grouped-query attention over packed sequences, without padding and without a matrix of all
// scores.
//
// One piece of work is a few neighbouring queries of one segment with all query heads that share a
// key-value head: up to attention_columns columns that lie side by side in vectors. Keys come in
// blocks, a row of scores for each key, so that the softmax runs down the columns, one running
// maximum and sum for each (the recurrence of Milakov and Gimelshein, 2018, as in FlashAttention).
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include <painters/backend/attention.hpp>
#include <painters/backend/onednn/kernels.hpp>
#include <painters/backend/onednn/micro_kernel.hpp>
#include <painters/tensor/arena.hpp>
#include <painters/tensor/matrix.hpp>
#include <painters/tensor/packed_batch.hpp>

namespace painters::backend::inline PAINTERS_ISA {
namespace kernels {

/// Queries first .. first + count - 1 of a segment, for one key-value head; their results are rows
/// result .. of y.
struct AttentionPiece {
  std::size_t segment, key_value_head, first, count, result;
};

/// Columns first .. end - 1 of a piece: those whose queries see a key.
struct SeenBy {
  std::size_t first, end;
};

inline constexpr std::size_t attention_columns = 64;
inline constexpr std::size_t attention_keys = 128;

/// All pieces for these rows, those with the most keys first, so that threads finish together.
inline std::vector<AttentionPiece> attention_pieces(const tensor::PackedBatch& batch,
                                                    std::span<const std::size_t> queries,
                                                    const AttentionShape& shape) {
  const std::size_t most = std::max<std::size_t>(1, attention_columns / shape.group());
  std::vector<AttentionPiece> pieces;
  for (std::size_t i = 0, count = 0; i < queries.size(); i += count) {
    const std::size_t s = batch.segment_of(queries[i]);
    const tensor::Segment& segment = batch.segments()[s];
    const std::size_t end = segment.first_row + segment.length;
    for (count = 1; count < most && i + count < queries.size(); ++count)
      if (queries[i + count] != queries[i] + count || queries[i + count] >= end) break;
    for (std::size_t head = 0; head < shape.num_key_value_heads; ++head)
      pieces.push_back({s, head, queries[i] - segment.first_row, count, i});
  }
  std::stable_sort(pieces.begin(), pieces.end(), [&](const auto& a, const auto& b) {
    return batch.segments()[a.segment].first_position + a.first >
           batch.segments()[b.segment].first_position + b.first;
  });
  return pieces;
}

/// What a piece keeps while its keys pass: [rows, n] blocks with a column for each query and head.
class AttentionColumns {
 public:
  AttentionColumns(std::size_t columns, std::size_t head_dim, tensor::Arena::Scope& scratch)
      : n_((columns + lanes - 1) / lanes * lanes),
        dim_(head_dim),
        query_(scratch.matrix(dim_, n_).data),
        score_(scratch.matrix(attention_keys, n_).data),
        out_(scratch.matrix(dim_, n_).data),
        max_(scratch.matrix(1, n_).data),
        sum_(scratch.matrix(1, n_).data) {
    std::fill(max_, max_ + n_, -std::numeric_limits<float>::infinity());
    std::fill(sum_, sum_ + n_, 0.0f);
    std::fill(out_, out_ + dim_ * n_, 0.0f);
    for (std::size_t d = 0; d < dim_; ++d)
      std::fill(query_ + d * n_ + columns, query_ + (d + 1) * n_, 0.0f);
  }

  void set_query(std::size_t column, const float* query, float factor) {
    for (std::size_t d = 0; d < dim_; ++d) query_[d * n_ + column] = query[d] * factor;
  }

  /// Takes in at most attention_keys keys; seen_by(j): the columns that see key j.
  template <class SeenByKey>
  void add(std::size_t keys, const float* k, std::size_t k_stride, const float* v,
           std::size_t v_stride, const SeenByKey& seen_by) {
    small_product(keys, n_, dim_, {k, k_stride, 1}, query_, n_, score_, n_, false);
    for (std::size_t j = 0; j < keys; ++j) {
      const SeenBy columns = seen_by(j);
      float* row = score_ + j * n_;
      std::fill(row, row + columns.first, -std::numeric_limits<float>::infinity());
      if (columns.end < n_)
        std::fill(row + columns.end, row + n_, -std::numeric_limits<float>::infinity());
    }
    for (std::size_t c = 0; c < n_; c += lanes) soften(keys, c);
    small_product(dim_, n_, keys, {v, 1, v_stride}, score_, n_, out_, n_, true);
  }

  void get_result(std::size_t column, float* out) const {
    const float factor = 1.0f / sum_[column];
    for (std::size_t d = 0; d < dim_; ++d) out[d] = out_[d * n_ + column] * factor;
  }

 private:
  /// Turns the scores of `lanes` columns into exp(score - maximum) and rescales what has been
  /// summed so far to the new maximum.
  void soften(std::size_t keys, std::size_t c) {
    const Vec before = Vec::load_aligned(max_ + c);
    Vec highest = before;
    for (std::size_t j = 0; j < keys; ++j)
      highest = xsimd::max(highest, Vec::load_aligned(score_ + j * n_ + c));
    // A column that has seen no key yet: all its terms are exp(-inf).
    const Vec max =
        xsimd::select(highest == Vec(-std::numeric_limits<float>::infinity()), Vec(0.0f), highest);
    const Vec correction = exp_of_non_positive(before - max);
    Vec sum = Vec::load_aligned(sum_ + c) * correction;
    for (std::size_t j = 0; j < keys; ++j) {
      const Vec e = exp_of_non_positive(Vec::load_aligned(score_ + j * n_ + c) - max);
      e.store_aligned(score_ + j * n_ + c);
      sum += e;
    }
    sum.store_aligned(sum_ + c);
    highest.store_aligned(max_ + c);
    for (std::size_t d = 0; d < dim_; ++d) {
      float* out = out_ + d * n_ + c;
      (Vec::load_aligned(out) * correction).store_aligned(out);
    }
  }

  std::size_t n_, dim_;
  float *query_, *score_, *out_, *max_, *sum_;
};

/// Computes the rows of y for one piece.
inline void attend(const AttentionPiece& piece, tensor::ConstMatrix q, tensor::ConstMatrix k,
                   tensor::ConstMatrix v, const tensor::PackedBatch& batch,
                   const AttentionShape& shape, tensor::Matrix y, tensor::Arena& arena) {
  const std::size_t dim = shape.head_dim, group = shape.group();
  const std::size_t query_column = piece.key_value_head * group * dim;
  const std::size_t key_column = piece.key_value_head * dim;
  const tensor::Segment& own = batch.segments()[piece.segment];
  const std::size_t first_row = own.first_row + piece.first;
  const float factor = 1.0f / std::sqrt(static_cast<float>(dim));

  tensor::Arena::Scope scratch(arena);
  AttentionColumns columns(piece.count * group, dim, scratch);
  for (std::size_t i = 0; i < piece.count; ++i)
    for (std::size_t g = 0; g < group; ++g)
      columns.set_query(i * group + g, q.row(first_row + i) + query_column + g * dim, factor);

  const std::size_t position = own.first_position + piece.first;  // of the first query
  const std::size_t window =                                      // no text is longer than all rows
      shape.window == 0 ? batch.rows() : std::min(shape.window, batch.rows());
  const auto seen_by = [&](std::size_t key) -> SeenBy {  // the key's position
    const std::size_t all = piece.count * group;
    if (!shape.causal) return {0, all};
    return {key > position ? (key - position) * group : 0,
            std::min(all, (key + window - position) * group)};
  };
  for (const std::size_t s : batch.chain(piece.segment)) {
    const tensor::Segment& segment = batch.segments()[s];
    std::size_t first = 0, end = segment.length;
    if (shape.causal && s == piece.segment) end = piece.first + piece.count;
    if (shape.causal && position + 1 > window + segment.first_position)
      first = std::min(end, position + 1 - window - segment.first_position);
    for (std::size_t j = first; j < end; j += attention_keys) {
      const std::size_t row = segment.first_row + j;
      columns.add(std::min(attention_keys, end - j), k.row(row) + key_column, k.stride,
                  v.row(row) + key_column, v.stride,
                  [&](std::size_t key) { return seen_by(segment.first_position + j + key); });
    }
  }

  for (std::size_t i = 0; i < piece.count; ++i)
    for (std::size_t g = 0; g < group; ++g)
      columns.get_result(i * group + g, y.row(piece.result + i) + query_column + g * dim);
}

}  // namespace kernels
}  // namespace painters::backend::inline PAINTERS_ISA
