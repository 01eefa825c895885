// backend::Reference: Eigen and plain loops, one thread, readable: the oracle that other backends
// are compared with.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <Eigen/Core>

#include <painters/backend/concept.hpp>
#include <painters/backend/host_memory.hpp>
#include <painters/tensor/buffer.hpp>
#include <painters/tensor/dequantize.hpp>
#include <painters/tensor/eigen.hpp>

namespace painters::backend {

/// One thread, main memory, weights in f32 only while a call needs them.
class Reference : public HostMemory {
 public:
  /// Keeps its matrices until the end of its life.
  class Workspace {
   public:
    /// Uninitialised rows x cols.
    tensor::Matrix matrix(std::size_t rows, std::size_t cols) {
      buffers_.push_back(std::make_unique<Buffer>(rows, cols));
      return buffers_.back()->view();
    }

   private:
    std::vector<std::unique_ptr<Buffer>> buffers_;
  };

  /// The weight as it lies in the file.
  using PackedWeight = tensor::StackedWeight;

  /// The weight in f32, one row an output.
  using OpenWeight = Buffer;

  /// Plain loops over the rows of its block.
  class Lane : public Workspace {
   public:
    /// y = x w^T.
    void product(tensor::ConstMatrix x, const OpenWeight& w, tensor::Matrix y) {
      tensor::as_eigen(y).noalias() = tensor::as_eigen(x) * tensor::as_eigen(w.view()).transpose();
    }

    /// x += bias in every row.
    void add_bias(tensor::Matrix x, const Vector& bias) {
      for (std::size_t r = 0; r < x.rows; ++r)
        for (std::size_t c = 0; c < x.cols; ++c) x(r, c) += bias[c];
    }

    /// Each run of weight.size() columns by itself.
    void rms_norm(tensor::ConstMatrix x, const Vector& weight, float eps, tensor::Matrix y) {
      const std::size_t n = weight.size();
      for (std::size_t r = 0; r < x.rows; ++r)
        for (std::size_t first = 0; first < x.cols; first += n) {
          double squares = 0;
          for (std::size_t c = first; c < first + n; ++c)
            squares += static_cast<double>(x(r, c)) * x(r, c);
          const float factor =
              static_cast<float>(1.0 / std::sqrt(squares / static_cast<double>(n) + eps));
          for (std::size_t i = 0; i < n; ++i)
            y(r, first + i) = x(r, first + i) * factor * weight[i];
        }
    }

    /// Each run of weight.size() columns by itself.
    void layer_norm(tensor::ConstMatrix x, const Vector& weight, const Vector& bias, float eps,
                    tensor::Matrix y) {
      const std::size_t n = weight.size();
      for (std::size_t r = 0; r < x.rows; ++r)
        for (std::size_t first = 0; first < x.cols; first += n) {
          double sum = 0, squares = 0;
          for (std::size_t i = 0; i < n; ++i) sum += static_cast<double>(x(r, first + i));
          const double mean = sum / static_cast<double>(n);
          const auto centred = [&](std::size_t i) {
            return static_cast<double>(x(r, first + i)) - mean;
          };
          for (std::size_t i = 0; i < n; ++i) squares += centred(i) * centred(i);
          const double factor =
              1.0 / std::sqrt(squares / static_cast<double>(n) + static_cast<double>(eps));
          for (std::size_t i = 0; i < n; ++i)
            y(r, first + i) = static_cast<float>(centred(i) * factor) * weight[i] + bias[i];
        }
    }

    /// Turns the pairs (i, i + half) of each head by the table's row for the token's position.
    void rotary(tensor::Matrix x, std::size_t heads, std::size_t head_dim,
                tensor::ConstMatrix table, Batch batch, std::size_t first_row) {
      const std::size_t half = table.cols / 2;
      for (std::size_t r = 0; r < x.rows; ++r) {
        const float* cosine = table.row(batch->positions()[first_row + r]);
        const float* sine = cosine + half;
        for (std::size_t head = 0; head < heads; ++head) {
          float* first = x.row(r) + head * head_dim;
          float* second = first + half;
          for (std::size_t i = 0; i < half; ++i) {
            const float a = first[i], b = second[i];
            first[i] = a * cosine[i] - b * sine[i];
            second[i] = b * cosine[i] + a * sine[i];
          }
        }
      }
    }

    /// y = f(gate) * up; gate_up holds both side by side.
    void gate(Activation f, tensor::ConstMatrix gate_up, tensor::Matrix y) {
      for (std::size_t r = 0; r < y.rows; ++r)
        for (std::size_t c = 0; c < y.cols; ++c)
          y(r, c) = activated(f, gate_up(r, c)) * gate_up(r, y.cols + c);
    }
    /// x = f(x).
    void activate(Activation f, tensor::Matrix x) {
      for (std::size_t r = 0; r < x.rows; ++r)
        for (std::size_t c = 0; c < x.cols; ++c) x(r, c) = activated(f, x(r, c));
    }

    /// x += a y.
    void add_scaled(tensor::Matrix x, float a, tensor::ConstMatrix y) {
      tensor::as_eigen(x) += a * tensor::as_eigen(y);
    }

    /// Adds a slice of the vocabulary, first_id and the ids after it, to rows first and following.
    void token_likelihoods(tensor::ConstMatrix logits, std::int32_t first_id, Likelihoods& all,
                           std::size_t first) {
      for (std::size_t r = 0; r < logits.rows; ++r) {
        TokenLikelihood& likelihood = all[first + r];
        Eigen::Index best = 0;
        const auto row = tensor::as_eigen(logits.middle_rows(r, 1));
        const float max = row.row(0).maxCoeff(&best);
        const double sum = (row.cast<double>().array() - static_cast<double>(max)).exp().sum();
        likelihood.merge(max, first_id + static_cast<std::int32_t>(best), sum);
        const std::int32_t column = likelihood.target - first_id;
        if (column >= 0 && column < static_cast<std::int32_t>(logits.cols))
          likelihood.target_logit = logits(r, static_cast<std::size_t>(column));
      }
    }
  };

  /// What the concept asks for; backend/concept.hpp says what each does.
  ///@{
  static std::string name() { return "reference"; }
  static std::string precision() { return "f32"; }
  static constexpr std::size_t threads() { return 1; }

  Workspace workspace() { return {}; }
  PackedWeight pack(tensor::StackedWeight weight) { return weight; }

  OpenWeight open(const PackedWeight& weight) { return tensor::dequantize(weight); }
  using HostMemory::download;
  tensor::Buffer download(const PackedWeight& weight) { return tensor::dequantize(weight); }

  template <class F>
  void for_row_blocks(std::size_t rows, std::initializer_list<const OpenWeight*>, F f) {
    Lane lane;
    if (rows != 0) f(std::size_t{0}, rows, lane);
  }
  template <class F>
  void for_all_rows(std::size_t rows, std::initializer_list<const OpenWeight*> weights, F f) {
    for_row_blocks(rows, weights, f);
  }

  void attention(tensor::ConstMatrix q, tensor::ConstMatrix k, tensor::ConstMatrix v, Batch batch,
                 std::span<const std::size_t> queries, const AttentionShape& shape,
                 tensor::Matrix y) {
    const float factor = 1.0f / std::sqrt(static_cast<float>(shape.head_dim));
    for (std::size_t i = 0; i < queries.size(); ++i) {
      std::vector<std::size_t> keys;  // rows that the query sees
      for (const std::size_t s : batch->chain(batch->segment_of(queries[i]))) {
        const tensor::Segment& segment = batch->segments()[s];
        for (std::size_t j = segment.first_row; j < segment.first_row + segment.length; ++j)
          if (shape.sees(batch->positions()[queries[i]], batch->positions()[j])) keys.push_back(j);
      }
      for (std::size_t head = 0; head < shape.num_attention_heads; ++head)
        attend(q.row(queries[i]) + head * shape.head_dim, k, v, keys,
               head / shape.group() * shape.head_dim, shape.head_dim, factor,
               y.row(i) + head * shape.head_dim);
    }
  }

  void scale(tensor::Matrix x, float a) { tensor::as_eigen(x) *= a; }
  void add_scaled(tensor::Matrix x, float a, tensor::ConstMatrix y) {
    tensor::as_eigen(x) += a * tensor::as_eigen(y);
  }

  ///@}

 private:
  /// Attention of one query of one head over the given rows of keys and values.
  static void attend(const float* query, tensor::ConstMatrix k, tensor::ConstMatrix v,
                     std::span<const std::size_t> keys, std::size_t column, std::size_t dim,
                     float factor, float* out) {
    std::vector<double> weight(keys.size());
    double max = -std::numeric_limits<double>::infinity(), sum = 0;
    for (std::size_t j = 0; j < keys.size(); ++j) {
      float dot = 0;
      for (std::size_t c = 0; c < dim; ++c) dot += query[c] * k(keys[j], column + c);
      weight[j] = static_cast<double>(dot) * factor;
      max = std::max(max, weight[j]);
    }
    for (double& w : weight) sum += w = std::exp(w - max);
    for (std::size_t c = 0; c < dim; ++c) {
      double value = 0;
      for (std::size_t j = 0; j < keys.size(); ++j) value += weight[j] * v(keys[j], column + c);
      out[c] = static_cast<float>(value / sum);
    }
  }
};

static_assert(Backend<Reference>);

}  // namespace painters::backend
