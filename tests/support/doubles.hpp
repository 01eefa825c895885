// The operations of a backend as plain loops in double precision, straight from their definitions,
// to compare results with.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <numbers>
#include <span>
#include <vector>

#include <painters/backend/activation.hpp>
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

/// The largest difference between elements; infinite if there is a NaN or the shapes differ.
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

/// The largest difference, each divided by its element of `sizes`; huge if there is a NaN.
inline double relative_distance(painters::tensor::ConstMatrix y, const Doubles& expected,
                                const Doubles& sizes) {
  double most = 0;
  for (std::size_t r = 0; r < y.rows; ++r)
    for (std::size_t c = 0; c < y.cols; ++c) {
      const double error = std::abs(static_cast<double>(y(r, c)) - expected(r, c)) / sizes(r, c);
      most = error <= most ? most : std::isnan(error) ? 1e9 : error;
    }
  return most;
}

inline double largest(const Doubles& a) { return distance(a, Doubles(a.rows, a.cols)); }

inline Doubles middle_cols(const Doubles& x, std::size_t first, std::size_t count) {
  Doubles y(x.rows, count);
  for (std::size_t r = 0; r < x.rows; ++r)
    for (std::size_t c = 0; c < count; ++c) y(r, c) = x(r, first + c);
  return y;
}

/// a and b side by side.
inline Doubles beside(const Doubles& a, const Doubles& b) {
  Doubles y(a.rows, a.cols + b.cols);
  for (std::size_t r = 0; r < y.rows; ++r)
    for (std::size_t c = 0; c < y.cols; ++c) y(r, c) = c < a.cols ? a(r, c) : b(r, c - a.cols);
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

/// x + bias in every row.
inline Doubles add_bias(const Doubles& x, std::span<const float> bias) {
  Doubles y = x;
  for (std::size_t r = 0; r < x.rows; ++r)
    for (std::size_t c = 0; c < x.cols; ++c) y(r, c) += static_cast<double>(bias[c]);
  return y;
}

namespace detail {
/// normalise(x, first, count) of each run of weight.size() columns, times the weight.
template <class Normalise>
Doubles normalised_runs(const Doubles& x, std::span<const float> weight, const Normalise& f) {
  Doubles y = x;
  for (std::size_t r = 0; r < x.rows; ++r)
    for (std::size_t first = 0; first < x.cols; first += weight.size()) {
      std::vector<double> run;
      for (std::size_t i = 0; i < weight.size(); ++i) run.push_back(x(r, first + i));
      f(run);
      for (std::size_t i = 0; i < weight.size(); ++i)
        y(r, first + i) = run[i] * static_cast<double>(weight[i]);
    }
  return y;
}
inline double mean_square(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value * value;
  return sum / static_cast<double>(values.size());
}
}  // namespace detail

/// Normalises each run of weight.size() columns by itself.
inline Doubles rms_norm(const Doubles& x, std::span<const float> weight, double eps) {
  return detail::normalised_runs(x, weight, [&](std::vector<double>& run) {
    const double root = std::sqrt(detail::mean_square(run) + eps);
    for (double& value : run) value /= root;
  });
}

/// Normalises each run of weight.size() columns by itself and adds the bias, if there is one, to
/// each.
inline Doubles layer_norm(const Doubles& x, std::span<const float> weight,
                          std::span<const float> bias, double eps) {
  Doubles y = detail::normalised_runs(x, weight, [&](std::vector<double>& run) {
    double mean = 0;
    for (const double value : run) mean += value / static_cast<double>(run.size());
    for (double& value : run) value -= mean;
    const double root = std::sqrt(detail::mean_square(run) + eps);
    for (double& value : run) value /= root;
  });
  for (std::size_t r = 0; r < y.rows; ++r)
    for (std::size_t c = 0; c < y.cols; ++c) y(r, c) += static_cast<double>(bias[c % bias.size()]);
  return y;
}

/// 1 / theta^(2i / columns).
inline std::vector<double> rotary_frequencies(std::size_t columns, double theta) {
  std::vector<double> frequencies;
  for (std::size_t i = 0; i < columns / 2; ++i)
    frequencies.push_back(
        1 / std::pow(theta, 2 * static_cast<double>(i) / static_cast<double>(columns)));
  return frequencies;
}

/// Turns the pairs (i, i + n) of the first `heads` heads by position * frequency i, where n is the
/// number of frequencies.
inline Doubles rotary(const Doubles& x, std::size_t heads, std::size_t head_dim,
                      std::span<const double> frequencies,
                      std::span<const std::uint32_t> positions) {
  Doubles y = x;
  for (std::size_t r = 0; r < x.rows; ++r)
    for (std::size_t h = 0; h < heads; ++h)
      for (std::size_t i = 0; i < frequencies.size(); ++i) {
        const double angle = positions[r] * frequencies[i];
        const std::size_t first = h * head_dim + i, second = first + frequencies.size();
        y(r, first) = x(r, first) * std::cos(angle) - x(r, second) * std::sin(angle);
        y(r, second) = x(r, second) * std::cos(angle) + x(r, first) * std::sin(angle);
      }
  return y;
}

/// f(x).
inline double activated(painters::backend::Activation f, double x) {
  using painters::backend::Activation;
  switch (f) {
    case Activation::gelu:
      return x * 0.5 * std::erfc(-x / std::numbers::sqrt2);
    case Activation::gelu_tanh: {
      const double z = std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * std::pow(x, 3));
      return x / 2 * (1 + std::tanh(z));
    }
    case Activation::relu:
      return std::isnan(x) ? x : std::fmax(x, 0);
    case Activation::silu:
      return x / (1 + std::exp(-x));
    case Activation::tanh:
      return std::tanh(x);
  }
  return x;
}
inline Doubles activated(painters::backend::Activation f, const Doubles& x) {
  Doubles y = x;
  for (double& value : y.values) value = activated(f, value);
  return y;
}

/// f(gate) * up; gate_up holds both side by side.
inline Doubles gate(painters::backend::Activation f, const Doubles& gate_up) {
  const std::size_t n = gate_up.cols / 2;
  Doubles y(gate_up.rows, n);
  for (std::size_t r = 0; r < y.rows; ++r)
    for (std::size_t c = 0; c < n; ++c) y(r, c) = activated(f, gate_up(r, c)) * gate_up(r, n + c);
  return y;
}

/// Whether the token of row `query` sees that of row `key`: one of its own text and, for a causal
/// shape, neither a later one nor one that its window leaves out.
inline bool sees(const painters::tensor::PackedBatch& batch, std::size_t query, std::size_t key,
                 const painters::backend::AttentionShape& shape) {
  const auto segment_of = [&](std::size_t row) {
    std::size_t s = 0;
    while (row >= batch.segments()[s].first_row + batch.segments()[s].length) ++s;
    return s;
  };
  const std::size_t own = segment_of(query), other = segment_of(key);
  if (own == other && !shape.causal) return true;
  if (own == other && key > query) return false;
  // The distance from the key to the query, counted segment by segment.
  std::size_t distance = query - batch.segments()[own].first_row;
  for (std::size_t s = own; s != other;) {
    s = batch.segments()[s].parent;
    if (s == painters::tensor::Segment::no_parent) return false;
    distance += batch.segments()[s].length;
  }
  distance -= key - batch.segments()[other].first_row;
  return !shape.causal || shape.window == 0 || distance < shape.window;
}

/// softmax(q k^T / sqrt(head_dim)) for each head, over the keys that a row sees: [rows, heads *
/// rows], 0 for the others.
inline Doubles attention_pattern(const Doubles& q, const Doubles& k,
                                 const painters::tensor::PackedBatch& batch,
                                 const painters::backend::AttentionShape& shape) {
  const std::size_t dim = shape.head_dim;
  const std::size_t group = shape.num_attention_heads / shape.num_key_value_heads;
  Doubles pattern(q.rows, shape.num_attention_heads * k.rows);
  for (std::size_t r = 0; r < q.rows; ++r) {
    std::vector<std::size_t> keys;
    for (std::size_t j = 0; j < k.rows; ++j)
      if (sees(batch, r, j, shape)) keys.push_back(j);
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
        pattern(r, h * k.rows + keys[n]) = weights[n] / sum;
    }
  }
  return pattern;
}

/// Each head's pattern times its values.
inline Doubles attend_with(const Doubles& pattern, const Doubles& v,
                           const painters::backend::AttentionShape& shape) {
  const std::size_t dim = shape.head_dim;
  const std::size_t group = shape.num_attention_heads / shape.num_key_value_heads;
  Doubles y(pattern.rows, shape.num_attention_heads * dim);
  for (std::size_t r = 0; r < y.rows; ++r)
    for (std::size_t h = 0; h < shape.num_attention_heads; ++h)
      for (std::size_t j = 0; j < v.rows; ++j)
        if (const double weight = pattern(r, h * v.rows + j); weight != 0)
          for (std::size_t d = 0; d < dim; ++d)
            y(r, h * dim + d) += weight * v(j, h / group * dim + d);
  return y;
}

/// softmax(q k^T / sqrt(head_dim)) v.
inline Doubles attention(const Doubles& q, const Doubles& k, const Doubles& v,
                         const painters::tensor::PackedBatch& batch,
                         const painters::backend::AttentionShape& shape) {
  return attend_with(attention_pattern(q, k, batch, shape), v, shape);
}

/// log softmax(logits)[target].
inline double log_probability(std::span<const double> logits, std::size_t target) {
  double max = -std::numeric_limits<double>::infinity(), sum = 0;
  for (const double logit : logits) max = std::fmax(max, logit);
  for (const double logit : logits) sum += std::exp(logit - max);
  return logits[target] - max - std::log(sum);
}

/// The position of the largest element, the first one if there are several.
inline std::size_t argmax(std::span<const double> logits) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < logits.size(); ++i)
    if (logits[i] > logits[best]) best = i;
  return best;
}

}  // namespace support
