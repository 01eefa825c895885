// Rotary position embedding (Su et al., 2021): the cosines and sines of all positions.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include <painters/backend/concept.hpp>
#include <painters/tensor/buffer.hpp>

namespace painters::layers {

/// 1 / theta^(2i / columns), i < columns / 2: by how much a position turns each pair. Computed in
/// f32, step by step like Hugging Face's implementation, because a frequency rounded differently
/// moves late positions by more than all other rounding does. `columns`: how many columns of a head
/// are turned, an even number; `theta`: the base, rope_theta in configurations.
inline std::vector<float> rotary_frequencies(std::size_t columns, double theta) {
  std::vector<float> frequencies(columns / 2);
  for (std::size_t i = 0; i < frequencies.size(); ++i) {
    const float exponent = static_cast<float>(2 * i) / static_cast<float>(columns);
    frequencies[i] = 1.0f / std::pow(static_cast<float>(theta), exponent);
  }
  return frequencies;
}

/// [positions, 2 * frequencies]: the cosines of position * frequency, then the sines.
inline tensor::Buffer rotary_angles(const std::vector<float>& frequencies, std::size_t positions) {
  const std::size_t half = frequencies.size();
  tensor::Buffer table(positions, 2 * half);
  for (std::size_t i = 0; i < half; ++i)
    for (std::size_t p = 0; p < positions; ++p) {
      const float angle = static_cast<float>(p) * frequencies[i];
      table.view()(p, i) = std::cos(angle);
      table.view()(p, half + i) = std::sin(angle);
    }
  return table;
}

/// Shared by the layers of a model; grows as positions are needed.
template <backend::Backend B>
class RotaryTable {
 public:
  /// `frequencies`: see rotary_frequencies.
  explicit RotaryTable(std::vector<float> frequencies) : frequencies_(std::move(frequencies)) {}

  /// rotary_angles of at least so many positions, in the backend's memory.
  std::shared_ptr<const typename B::Buffer> up_to(B& backend, std::size_t positions) const {
    const std::lock_guard lock(mutex_);
    if (!table_ || table_->rows() < positions) {
      const tensor::Buffer angles = rotary_angles(
          frequencies_, std::max(positions, table_ ? 2 * table_->rows() : std::size_t{512}));
      auto table =
          std::make_shared<typename B::Buffer>(backend.buffer(angles.rows(), angles.cols()));
      backend.upload(angles.view(), table->view());
      table_ = std::move(table);
    }
    return table_;
  }

 private:
  std::vector<float> frequencies_;
  mutable std::mutex mutex_;
  mutable std::shared_ptr<const typename B::Buffer> table_;
};

}  // namespace painters::layers
