// What backends in main memory share: their matrices are the host's, and crossing the border is a
// copy.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <painters/backend/token_likelihood.hpp>
#include <painters/tensor/buffer.hpp>
#include <painters/tensor/dequantize.hpp>
#include <painters/tensor/matrix.hpp>
#include <painters/tensor/packed_batch.hpp>
#include <painters/tensor/weight.hpp>

namespace painters::backend {

/// A base of backends; backend/concept.hpp says what each member does.
class HostMemory {
 public:
  ///@{ As in the concept.
  using Matrix = tensor::Matrix;
  using ConstMatrix = tensor::ConstMatrix;
  using Buffer = tensor::Buffer;
  using Vector = std::vector<float>;
  using Batch = const tensor::PackedBatch*;
  using Likelihoods = std::vector<TokenLikelihood>;

  Buffer buffer(std::size_t rows, std::size_t cols) { return {rows, cols}; }
  Vector vector(std::span<const float> values) { return {values.begin(), values.end()}; }
  Batch batch(const tensor::PackedBatch& packed) { return &packed; }
  Likelihoods likelihoods(std::span<const std::int32_t> targets) {
    Likelihoods rows;
    for (const std::int32_t target : targets) rows.push_back({.target = target});
    return rows;
  }

  void upload(tensor::ConstMatrix host, Matrix y) { copy(host, y); }
  void download(ConstMatrix x, tensor::Matrix host) { copy(x, host); }
  std::vector<TokenLikelihood> download(const Likelihoods& likelihoods) { return likelihoods; }
  std::vector<float> download(const Vector& values) { return values; }
  void embed(const tensor::Weight& table, std::span<const std::int32_t> ids, Matrix y) {
    for (std::size_t i = 0; i < ids.size(); ++i)
      tensor::dequantize_row(table, static_cast<std::size_t>(ids[i]), y.row(i));
  }
  double dot(ConstMatrix x, ConstMatrix y) {
    double sum = 0;
    for (std::size_t r = 0; r < x.rows; ++r)
      for (std::size_t c = 0; c < x.cols; ++c)
        sum += static_cast<double>(x(r, c)) * static_cast<double>(y(r, c));
    return sum;
  }
  bool is_finite(ConstMatrix x) {
    for (std::size_t r = 0; r < x.rows; ++r)
      if (!std::all_of(x.row(r), x.row(r) + x.cols, [](float v) { return std::isfinite(v); }))
        return false;
    return true;
  }
  void synchronise() {}

  void copy(ConstMatrix x, Matrix y) { tensor::copy(x, y); }
  void gather(ConstMatrix x, std::span<const std::size_t> rows, Matrix y) {
    for (std::size_t i = 0; i < rows.size(); ++i) std::copy_n(x.row(rows[i]), x.cols, y.row(i));
  }
  ///@}
};

}  // namespace painters::backend
