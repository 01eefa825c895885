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
/// shares the batch. The backend must outlive it.
template <backend::Backend B>
class HiddenStates {
 public:
  /// Values are not initialised.
  HiddenStates(B& backend, tensor::PackedBatch batch, std::size_t hidden_size)
      : backend_(&backend),
        texts_(std::make_shared<const Texts>(backend, std::move(batch))),
        hidden_size_(hidden_size),
        values_(backend.buffer(texts_->packed.rows(), hidden_size)) {}

  /// What computes with them.
  B& backend() const { return *backend_; }
  /// The tokens of the rows.
  const tensor::PackedBatch& batch() const { return texts_->packed; }
  /// The same, ready for backend operations.
  const typename B::Batch& ready_batch() const { return texts_->ready; }

  /// [batch().rows(), hidden_size].
  typename B::Matrix values() { return values_.view(); }
  /// [batch().rows(), hidden_size].
  typename B::ConstMatrix values() const { return std::as_const(values_).view(); }

  /// Who looks at the values within the layers' calls; null: nobody. A copy has the same.
  std::shared_ptr<Taps<B>> taps() const { return taps_.lock(); }
  /// They look for as long as they live.
  void set_taps(std::weak_ptr<Taps<B>> taps) { taps_ = std::move(taps); }

  /// Gives the memory of the values back until allocate(), which leaves them uninitialised.
  void release() { values_ = backend_->buffer(0, 0); }
  /// See release().
  void allocate() { values_ = backend_->buffer(batch().rows(), hidden_size_); }

  /// x *= a, as a mean of states needs it.
  friend void scale(HiddenStates& x, double a) {
    x.backend_->scale(x.values(), static_cast<float>(a));
  }
  /// x += a y. Throws Error if they are states of texts that are divided differently.
  friend void add_scaled(HiddenStates& x, double a, const HiddenStates& y) {
    x.require_like(y);
    x.backend_->add_scaled(x.values(), static_cast<float>(a), y.values());
  }
  /// The sum of x_i y_i over all values, in double, as check_layer compares states. Throws Error as
  /// add_scaled does.
  friend double dot(const HiddenStates& x, const HiddenStates& y) {
    x.require_like(y);
    return x.backend_->dot(x.values(), y.values());
  }
  /// Row i of y is row rows[i] of x.
  friend void take_rows(const HiddenStates& x, std::span<const std::size_t> rows,
                        typename B::Matrix y) {
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

  void require_like(const HiddenStates& y) const {
    if (hidden_size_ == y.hidden_size_ && (texts_ == y.texts_ || batch() == y.batch())) return;
    throw Error("expected states of the same texts, found [" + shape_text() + "] and [" +
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
};

/// The values of states as the host sees them: [batch().rows(), hidden_size].
template <backend::Backend B>
tensor::Buffer on_host(const HiddenStates<B>& x) {
  return backend::on_host(x.backend(), x.values());
}

}  // namespace painters::layers
