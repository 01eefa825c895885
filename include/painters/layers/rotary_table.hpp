// Rotary position embedding (Su et al., 2021): the cosines and sines of all positions.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <mutex>

#include <painters/tensor/buffer.hpp>
#include <painters/tensor/matrix.hpp>

namespace painters::layers {

/// Shared by the layers of a model; grows to the positions that are asked for.
class RotaryTable {
 public:
  /// `head_dim`: columns of a head, even; `theta`: the base, rope_theta in configurations.
  RotaryTable(std::size_t head_dim, double theta) : head_dim_(head_dim), theta_(theta) {}

  /// [at least `positions`, head_dim]: cos(p / theta^(2i / head_dim)), i < head_dim / 2, then the
  /// sines. All of it in f32, step by step as Hugging Face's implementation has it: a frequency
  /// rounded otherwise turns late positions by more than all other rounding does.
  std::shared_ptr<const tensor::Buffer> up_to(std::size_t positions) const {
    const std::lock_guard lock(mutex_);
    if (!table_ || table_->rows() < positions)
      table_ = make(std::max(positions, table_ ? 2 * table_->rows() : std::size_t{512}));
    return table_;
  }

 private:
  std::shared_ptr<const tensor::Buffer> make(std::size_t positions) const {
    auto table = std::make_shared<tensor::Buffer>(positions, head_dim_);
    const std::size_t half = head_dim_ / 2;
    for (std::size_t i = 0; i < half; ++i) {
      const float exponent = static_cast<float>(2 * i) / static_cast<float>(head_dim_);
      const float frequency = 1.0f / std::pow(static_cast<float>(theta_), exponent);
      for (std::size_t p = 0; p < positions; ++p) {
        const float angle = static_cast<float>(p) * frequency;
        table->view()(p, i) = std::cos(angle);
        table->view()(p, half + i) = std::sin(angle);
      }
    }
    return table;
  }

  std::size_t head_dim_;
  double theta_;
  mutable std::mutex mutex_;
  mutable std::shared_ptr<const tensor::Buffer> table_;
};

}  // namespace painters::layers
