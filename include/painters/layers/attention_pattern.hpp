// Attention in two steps, with its weights in between, for hooks that look at them or change them.
// Backends have a faster way that never writes the weights down.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include <painters/backend/attention.hpp>
#include <painters/tensor/buffer.hpp>
#include <painters/tensor/matrix.hpp>
#include <painters/tensor/packed_batch.hpp>

namespace painters::layers {

namespace detail {

/// The rows that tokens of a segment see, maybe: those of its chain.
inline std::vector<std::size_t> key_rows(const tensor::PackedBatch& batch, std::size_t segment) {
  std::vector<std::size_t> rows;
  for (const std::size_t s : batch.chain(segment)) {
    const tensor::Segment& one = batch.segments()[s];
    for (std::size_t i = 0; i < one.length; ++i) rows.push_back(one.first_row + i);
  }
  return rows;
}

}  // namespace detail

/// The weights of attention for the tokens of a segment: [tokens, heads * keys], softmax(q k^T /
/// sqrt(head_dim)), 0 for keys that a token does not see. q and k have all rows of the batch; the
/// keys are the tokens of the segment's chain.
inline tensor::Buffer attention_pattern(tensor::ConstMatrix q, tensor::ConstMatrix k,
                                        const tensor::PackedBatch& batch, std::size_t segment,
                                        const backend::AttentionShape& shape) {
  const tensor::Segment& queries = batch.segments()[segment];
  const std::vector<std::size_t> keys = detail::key_rows(batch, segment);
  const float factor = 1.0f / std::sqrt(static_cast<float>(shape.head_dim));
  tensor::Buffer pattern(queries.length, shape.num_attention_heads * keys.size());
  tensor::Buffer across(shape.head_dim, keys.size());  // the keys of a head, a column each
  for (std::size_t head = 0; head < shape.num_attention_heads; ++head) {
    if (head % shape.group() == 0)
      for (std::size_t c = 0; c < shape.head_dim; ++c)
        for (std::size_t j = 0; j < keys.size(); ++j)
          across.view()(c, j) = k(keys[j], head / shape.group() * shape.head_dim + c);
    for (std::size_t i = 0; i < queries.length; ++i) {
      const float* query = q.row(queries.first_row + i) + head * shape.head_dim;
      float* weights = pattern.view().row(i) + head * keys.size();
      std::fill_n(weights, keys.size(), 0.0f);
      for (std::size_t c = 0; c < shape.head_dim; ++c) {
        const float* column = across.view().row(c);
        for (std::size_t j = 0; j < keys.size(); ++j) weights[j] += query[c] * column[j];
      }
      float max = -std::numeric_limits<float>::infinity();
      for (std::size_t j = 0; j < keys.size(); ++j) {
        weights[j] = shape.sees(queries.first_position + i, j)
                         ? weights[j] * factor
                         : -std::numeric_limits<float>::infinity();
        max = std::max(max, weights[j]);
      }
      double sum = 0;
      for (std::size_t j = 0; j < keys.size(); ++j)
        sum += static_cast<double>(weights[j] = std::exp(weights[j] - max));
      for (std::size_t j = 0; j < keys.size(); ++j)
        weights[j] = static_cast<float>(static_cast<double>(weights[j]) / sum);
    }
  }
  return pattern;
}

/// y = pattern v for the tokens of a segment: y [rows of the batch, heads * head_dim], of which the
/// segment's rows are written.
inline void attend_with(tensor::ConstMatrix pattern, tensor::ConstMatrix v,
                        const tensor::PackedBatch& batch, std::size_t segment,
                        const backend::AttentionShape& shape, tensor::Matrix y) {
  const tensor::Segment& queries = batch.segments()[segment];
  const std::vector<std::size_t> keys = detail::key_rows(batch, segment);
  for (std::size_t i = 0; i < queries.length; ++i)
    for (std::size_t head = 0; head < shape.num_attention_heads; ++head) {
      float* to = y.row(queries.first_row + i) + head * shape.head_dim;
      std::fill_n(to, shape.head_dim, 0.0f);
      for (std::size_t j = 0; j < keys.size(); ++j) {
        const float weight = pattern(i, head * keys.size() + j);
        const float* from = v.row(keys[j]) + head / shape.group() * shape.head_dim;
        for (std::size_t c = 0; c < shape.head_dim; ++c) to[c] += weight * from[c];
      }
    }
}

}  // namespace painters::layers
