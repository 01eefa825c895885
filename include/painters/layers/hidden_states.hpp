// The state that plans run on: a hidden state for each token of a packed batch.
#pragma once

#include <cstddef>

#include <painters/backend/concept.hpp>
#include <painters/tensor/matrix.hpp>
#include <painters/tensor/packed_batch.hpp>

namespace painters::layers {

/// Values [batch.rows(), hidden_size]. A copy owns values of its own; backend and batch are shared
/// and must outlive it.
template <backend::Backend B>
class HiddenStates {
 public:
  /// Values are not initialised.
  HiddenStates(B& backend, const tensor::PackedBatch& batch, std::size_t hidden_size)
      : backend_(&backend),
        batch_(&batch),
        hidden_size_(hidden_size),
        values_(backend.buffer(batch.rows(), hidden_size)) {}

  /// What computes with them.
  B& backend() const { return *backend_; }
  /// The tokens of the rows.
  const tensor::PackedBatch& batch() const { return *batch_; }

  /// [batch.rows(), hidden_size].
  tensor::Matrix values() { return values_.view(); }
  /// [batch.rows(), hidden_size].
  tensor::ConstMatrix values() const { return values_.view(); }

  /// Gives the memory of the values back until allocate(), which leaves them not initialised.
  void release() { values_ = backend_->buffer(0, 0); }
  /// See release().
  void allocate() { values_ = backend_->buffer(batch_->rows(), hidden_size_); }

  /// x *= a, as a mean of states needs it.
  friend void scale(HiddenStates& x, double a) {
    x.backend_->scale(x.values(), static_cast<float>(a));
  }
  /// x += a y.
  friend void add_scaled(HiddenStates& x, double a, const HiddenStates& y) {
    x.backend_->add_scaled(x.values(), static_cast<float>(a), y.values());
  }
  /// The sum of x_i y_i over all values, in double, as check_layer compares states. y has the shape
  /// of x.
  friend double dot(const HiddenStates& x, const HiddenStates& y) {
    double sum = 0;
    for (std::size_t r = 0; r < x.values().rows; ++r)
      for (std::size_t c = 0; c < x.values().cols; ++c)
        sum += static_cast<double>(x.values()(r, c)) * static_cast<double>(y.values()(r, c));
    return sum;
  }

 private:
  B* backend_;
  const tensor::PackedBatch* batch_;
  std::size_t hidden_size_;
  typename B::Buffer values_;
};

}  // namespace painters::layers
