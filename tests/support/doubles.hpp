// What the operations of a backend mean: plain loops in double precision, straight from their
// definitions, to compare results with.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <span>
#include <vector>

#include <painters/backend/attention.hpp>
#include <painters/tensor/matrix.hpp>
#include <painters/tensor/packed_batch.hpp>

namespace support {

/// A dense row-major matrix in double precision.
struct Doubles {
  std::size_t rows = 0, cols = 0;
  std::vector<double> values;

  Doubles() = default;
  Doubles(std::size_t r, std::size_t c) : rows(r), cols(c), values(r * c) {}
  explicit Doubles(painters::tensor::ConstMatrix m) : Doubles(m.rows, m.cols) {
    for (std::size_t r = 0; r < rows; ++r)
      for (std::size_t c = 0; c < cols; ++c) (*this)(r, c) = static_cast<double>(m(r, c));
  }

  double& operator()(std::size_t r, std::size_t c) { return values[r * cols + c]; }
  double operator()(std::size_t r, std::size_t c) const { return values[r * cols + c]; }
  std::span<const double> row(std::size_t r) const { return {values.data() + r * cols, cols}; }
};

/// The largest difference of two elements; infinite for NaN and for other shapes.
inline double distance(const Doubles& a, const Doubles& b) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (a.rows != b.rows || a.cols != b.cols) return infinity;
  double largest = 0;
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    const double difference = std::abs(a.values[i] - b.values[i]);
    if (!(difference <= largest)) largest = std::isnan(difference) ? infinity : difference;
  }
  return largest;
}
inline double distance(painters::tensor::ConstMatrix a, const Doubles& b) {
  return distance(Doubles(a), b);
}
inline double distance(painters::tensor::ConstMatrix a, painters::tensor::ConstMatrix b) {
  return distance(Doubles(a), Doubles(b));
}

inline double largest(const Doubles& a) { return distance(a, Doubles(a.rows, a.cols)); }

inline Doubles middle_cols(const Doubles& x, std::size_t first, std::size_t count) {
  Doubles y(x.rows, count);
  for (std::size_t r = 0; r < x.rows; ++r)
    for (std::size_t c = 0; c < count; ++c) y(r, c) = x(r, first + c);
  return y;
}

inline Doubles add(const Doubles& a, const Doubles& b) {
  Doubles y = a;
  for (std::size_t i = 0; i < y.values.size(); ++i) y.values[i] += b.values[i];
  return y;
}

/// x w^T.
inline Doubles product(const Doubles& x, const Doubles& w) {
  Doubles y(x.rows, w.rows);
  for (std::size_t r = 0; r < x.rows; ++r)
    for (std::size_t o = 0; o < w.rows; ++o)
      for (std::size_t i = 0; i < x.cols; ++i) y(r, o) += x(r, i) * w(o, i);
  return y;
}

inline Doubles rms_norm(const Doubles& x, std::span<const float> weight, double eps) {
  Doubles y = x;
  for (std::size_t r = 0; r < x.rows; ++r) {
    double squares = 0;
    for (const double value : x.row(r)) squares += value * value;
    const double root = std::sqrt(squares / static_cast<double>(x.cols) + eps);
    for (std::size_t c = 0; c < x.cols; ++c) y(r, c) = x(r, c) / root * weight[c];
  }
  return y;
}

/// Rotates the pairs (i, i + head_dim / 2) of the first `heads` heads by position / theta^(2i /
/// head_dim).
inline Doubles rotary(const Doubles& x, std::size_t heads, std::size_t head_dim, double theta,
                      std::span<const std::uint32_t> positions) {
  Doubles y = x;
  const std::size_t half = head_dim / 2;
  for (std::size_t r = 0; r < x.rows; ++r)
    for (std::size_t h = 0; h < heads; ++h)
      for (std::size_t i = 0; i < half; ++i) {
        const double exponent = 2 * static_cast<double>(i) / static_cast<double>(head_dim);
        const double angle = positions[r] / std::pow(theta, exponent);
        const std::size_t first = h * head_dim + i, second = first + half;
        y(r, first) = x(r, first) * std::cos(angle) - x(r, second) * std::sin(angle);
        y(r, second) = x(r, second) * std::cos(angle) + x(r, first) * std::sin(angle);
      }
  return y;
}

/// silu(gate) * up; gate_up holds both side by side.
inline Doubles swiglu(const Doubles& gate_up) {
  const std::size_t n = gate_up.cols / 2;
  Doubles y(gate_up.rows, n);
  for (std::size_t r = 0; r < y.rows; ++r)
    for (std::size_t c = 0; c < n; ++c)
      y(r, c) = gate_up(r, c) / (1 + std::exp(-gate_up(r, c))) * gate_up(r, n + c);
  return y;
}

/// Whether the token of row `query` sees that of row `key`.
inline bool sees(const painters::tensor::PackedBatch& batch, std::size_t query, std::size_t key,
                 bool causal) {
  const auto segment_of = [&](std::size_t row) {
    std::size_t s = 0;
    while (row >= batch.segments()[s].first_row + batch.segments()[s].length) ++s;
    return s;
  };
  const std::size_t own = segment_of(query), other = segment_of(key);
  if (own == other) return !causal || key <= query;
  for (std::size_t s = own; s != painters::tensor::Segment::no_parent;
       s = batch.segments()[s].parent)
    if (s == other) return true;
  return false;
}

/// softmax(q k^T / sqrt(head_dim)) v for each head, over the keys that a row sees.
inline Doubles attention(const Doubles& q, const Doubles& k, const Doubles& v,
                         const painters::tensor::PackedBatch& batch,
                         const painters::backend::AttentionShape& shape) {
  const std::size_t dim = shape.head_dim;
  const std::size_t group = shape.num_attention_heads / shape.num_key_value_heads;
  Doubles y(q.rows, shape.num_attention_heads * dim);
  for (std::size_t r = 0; r < q.rows; ++r) {
    std::vector<std::size_t> keys;
    for (std::size_t j = 0; j < k.rows; ++j)
      if (sees(batch, r, j, shape.causal)) keys.push_back(j);
    for (std::size_t h = 0; h < shape.num_attention_heads; ++h) {
      std::vector<double> weights;
      double max = -std::numeric_limits<double>::infinity(), sum = 0;
      for (const std::size_t j : keys) {
        double dot = 0;
        for (std::size_t d = 0; d < dim; ++d) dot += q(r, h * dim + d) * k(j, h / group * dim + d);
        weights.push_back(dot / std::sqrt(static_cast<double>(dim)));
        max = std::fmax(max, weights.back());
      }
      for (double& weight : weights) sum += weight = std::exp(weight - max);
      for (std::size_t n = 0; n < keys.size(); ++n)
        for (std::size_t d = 0; d < dim; ++d)
          y(r, h * dim + d) += weights[n] / sum * v(keys[n], h / group * dim + d);
    }
  }
  return y;
}

/// log softmax(logits)[target].
inline double log_probability(std::span<const double> logits, std::size_t target) {
  double max = -std::numeric_limits<double>::infinity(), sum = 0;
  for (const double logit : logits) max = std::fmax(max, logit);
  for (const double logit : logits) sum += std::exp(logit - max);
  return logits[target] - max - std::log(sum);
}

/// The first of the largest.
inline std::size_t argmax(std::span<const double> logits) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < logits.size(); ++i)
    if (logits[i] > logits[best]) best = i;
  return best;
}

}  // namespace support
