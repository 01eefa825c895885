// The state that plans run on: a hidden state for each token of a packed batch.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include <painters/backend/concept.hpp>
#include <painters/backend/on_host.hpp>
#include <painters/error.hpp>
#include <painters/layers/taps.hpp>
#include <painters/tensor/buffer.hpp>
#include <painters/tensor/packed_batch.hpp>

namespace painters::layers {

/// Values [batch.rows(), hidden_size] in the backend's memory. A copy has values of its own and
/// shares the batch. The backend must outlive it. What was moved from keeps its batch and has no
/// values, as after release().
template <backend::Backend B>
class HiddenStates {
 public:
  /// Values are not initialised.
  HiddenStates(B& backend, tensor::PackedBatch batch, std::size_t hidden_size)
      : backend_(&backend),
        texts_(std::make_shared<const Texts>(backend, std::move(batch))),
        hidden_size_(hidden_size),
        values_(backend.buffer(texts_->packed.rows(), hidden_size)) {}

  ///@{ Copies the values; what was moved from has none.
  HiddenStates(const HiddenStates&) = default;
  HiddenStates& operator=(const HiddenStates&) = default;
  HiddenStates(HiddenStates&& other) noexcept
      : backend_(other.backend_),
        texts_(other.texts_),
        hidden_size_(other.hidden_size_),
        values_(std::move(other.values_)),
        has_values_(std::exchange(other.has_values_, false)) {}
  HiddenStates& operator=(HiddenStates&& other) noexcept {
    if (this == &other) return *this;
    backend_ = other.backend_, texts_ = other.texts_, hidden_size_ = other.hidden_size_;
    values_ = std::move(other.values_);
    has_values_ = std::exchange(other.has_values_, false);
    return *this;
  }
  ///@}

  /// What computes with them.
  B& backend() const { return *backend_; }
  /// The tokens of the rows.
  const tensor::PackedBatch& batch() const { return texts_->packed; }
  /// The same, ready for backend operations.
  const typename B::Batch& ready_batch() const { return texts_->ready; }

  /// [batch().rows(), hidden_size]. Throws UsageError while there are none.
  typename B::Matrix values() { return require_values(), values_.view(); }
  /// The same.
  typename B::ConstMatrix values() const { return require_values(), std::as_const(values_).view(); }

  /// Who looks at the values within the layers' calls; null: nobody. A copy has the same.
  std::shared_ptr<Taps<B>> taps() const { return taps_.lock(); }
  /// They look for as long as they live.
  void set_taps(std::weak_ptr<Taps<B>> taps) { taps_ = std::move(taps); }

  /// Gives the memory of the values back until allocate(), which leaves them uninitialised.
  void release() {
    values_ = backend_->buffer(0, 0);
    has_values_ = false;
  }
  /// See release().
  void allocate() {
    values_ = backend_->buffer(batch().rows(), hidden_size_);
    has_values_ = true;
  }

  /// x *= a, as a mean of states needs it.
  friend void scale(HiddenStates& x, double a) {
    x.backend_->scale(x.values(), static_cast<float>(a));
  }
  /// x += a y. Throws UsageError if they are states of texts that are divided differently.
  friend void add_scaled(HiddenStates& x, double a, const HiddenStates& y) {
    x.require_like(y);
    x.backend_->add_scaled(x.values(), static_cast<float>(a), y.values());
  }
  /// The sum of x_i y_i over all values, in double, as check_layer compares states. Throws
  /// UsageError as add_scaled does.
  friend double dot(const HiddenStates& x, const HiddenStates& y) {
    x.require_like(y);
    return x.backend_->dot(x.values(), y.values());
  }
  /// Row i of y is row rows[i] of x. Throws UsageError for rows that x lacks and for another y than
  /// [rows, hidden_size].
  friend void take_rows(const HiddenStates& x, std::span<const std::size_t> rows,
                        typename B::Matrix y) {
    for (const std::size_t row : rows)
      if (row >= x.batch().rows())
        throw UsageError("expected rows of [" + x.shape_text() + "] states, found row " +
                         std::to_string(row) + ": count from 0");
    if (y.rows != rows.size() || y.cols != x.hidden_size_)
      throw UsageError("expected room for [" + std::to_string(rows.size()) + ", " +
                       std::to_string(x.hidden_size_) + "] values, found [" +
                       std::to_string(y.rows) + ", " + std::to_string(y.cols) + "]");
    x.backend_->gather(x.values(), rows, y);
  }

 private:
  struct Texts {
    Texts(B& backend, tensor::PackedBatch batch)
        : packed(std::move(batch)), ready(backend.batch(packed)) {}
    Texts(const Texts&) = delete;
    Texts& operator=(const Texts&) = delete;

    tensor::PackedBatch packed;
    typename B::Batch ready;  // refers to `packed`
  };

  void require_values() const {
    if (!has_values_)
      throw UsageError("expected states with values, found [" + shape_text() +
                       "] that were released or moved from: assign to them or allocate() first");
  }
  void require_like(const HiddenStates& y) const {
    if (hidden_size_ == y.hidden_size_ && (texts_ == y.texts_ || batch() == y.batch())) return;
    throw UsageError("expected states of the same texts, found [" + shape_text() + "] and [" +
                     y.shape_text() + "]" +
                     (batch().rows() == y.batch().rows() && hidden_size_ == y.hidden_size_
                          ? " whose rows are divided into texts differently"
                          : "") +
                     ": make both from the same tokens");
  }
  std::string shape_text() const {
    return std::to_string(batch().rows()) + ", " + std::to_string(hidden_size_);
  }

  B* backend_;
  std::shared_ptr<const Texts> texts_;
  std::size_t hidden_size_;
  typename B::Buffer values_;
  std::weak_ptr<Taps<B>> taps_;
  bool has_values_ = true;
};

/// The values of states as the host sees them: [batch().rows(), hidden_size].
template <backend::Backend B>
tensor::Buffer on_host(const HiddenStates<B>& x) {
  return backend::on_host(x.backend(), x.values());
}

}  // namespace painters::layers
