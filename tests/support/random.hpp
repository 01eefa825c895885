// Random matrices, batches and stored weights, the same in every run.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include <painters/tensor/buffer.hpp>
#include <painters/tensor/dequantize.hpp>
#include <painters/tensor/element_type.hpp>
#include <painters/tensor/matrix.hpp>
#include <painters/tensor/packed_batch.hpp>
#include <painters/tensor/weight.hpp>

namespace support {

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}

  /// first .. last, both included.
  std::size_t between(std::size_t first, std::size_t last) {
    return std::uniform_int_distribution<std::size_t>(first, last)(engine_);
  }
  float normal(float deviation = 1) {
    return std::normal_distribution<float>(0, deviation)(engine_);
  }
  std::vector<float> normals(std::size_t n, float deviation = 1) {
    std::vector<float> values(n);
    for (float& value : values) value = normal(deviation);
    return values;
  }
  std::mt19937& engine() { return engine_; }

 private:
  std::mt19937 engine_;
};

/// A matrix with a frame around every row, in which any write is noticed.
class Framed {
 public:
  static constexpr float frame = -12345;

  /// `gap` elements lie before and after every row; without a gap the rows are contiguous.
  Framed(std::size_t rows, std::size_t cols, std::size_t gap = 3)
      : rows_(rows),
        cols_(cols),
        left_(gap),
        stride_(cols + 2 * gap),
        memory_((rows + 1) * stride_ + 16, frame) {}
  Framed(std::size_t rows, std::size_t cols, Random& random, float deviation = 1,
         std::size_t gap = 3)
      : Framed(rows, cols, gap) {
    for (std::size_t r = 0; r < rows; ++r)
      for (std::size_t c = 0; c < cols; ++c) view()(r, c) = random.normal(deviation);
  }

  painters::tensor::Matrix view() { return {memory_.data() + left_, rows_, cols_, stride_}; }
  painters::tensor::ConstMatrix view() const {
    return {memory_.data() + left_, rows_, cols_, stride_};
  }
  bool frame_is_whole() const {
    for (std::size_t i = 0; i < memory_.size(); ++i) {
      const std::size_t row = stride_ == 0 ? rows_ : i / stride_, column = i - row * stride_;
      const bool inside = row < rows_ && column >= left_ && column < left_ + cols_;
      if (!inside && memory_[i] != frame) return false;
    }
    return true;
  }

 private:
  std::size_t rows_, cols_, left_, stride_;
  std::vector<float> memory_;
};

/// A weight as a file stores it, and its values in the order of its outputs.
struct StoredWeight {
  painters::tensor::Weight weight;
  std::shared_ptr<std::string> bytes;  // what `weight` points to
  painters::tensor::Buffer values;
};

/// Where a block has its f16 numbers, and how large, as a power of two, the integers are that these
/// multiply.
struct BlockScales {
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  std::size_t at;
  int range;
  std::size_t minimum_at = none;
  int minimum_range = 0;
  std::uint16_t minimum_sign = 0;  // the sign bit of minima that are added
};
inline BlockScales block_scales(painters::tensor::ElementType type) {
  using enum painters::tensor::ElementType;
  constexpr std::uint16_t negative = 1u << 15;
  switch (type) {
    case q8_0:
      return {0, 7};
    case q4_0:
      return {0, 3};
    case q4_1:
      return {0, 3, 2, 0, negative};
    case q5_0:
      return {0, 4};
    case q5_1:
      return {0, 4, 2, 0, negative};
    case q2_k:
      return {80, 4, 82, 4};
    case q3_k:
      return {108, 6};
    case q4_k:
      return {0, 8, 2, 5};
    case q5_k:
      return {0, 9, 2, 5};
    case q6_k:
      return {208, 11};
    case iq4_nl:
      return {0, 6};
    case iq4_xs:
      return {0, 11};
    case f32:
    case f16:
    case bf16:
      break;
  }
  throw std::invalid_argument("expected a type with blocks");
}

/// The bytes of n elements, each about as large as `deviation`.
inline std::string random_elements(painters::tensor::ElementType type, std::size_t n,
                                   Random& random, float deviation) {
  using painters::tensor::ElementType;
  std::string bytes;
  const auto put = [&](auto number) {
    bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
  };
  const auto sign = [&] { return static_cast<std::uint16_t>(random.between(0, 1) << 15); };
  // f16: 2^(e - 15) (1 + m / 1024), or less than 2^-14 where that is too small for it
  const auto half = [&](int exponent) {
    return static_cast<std::uint16_t>(std::max(exponent + 15, 0) << 10 |
                                      static_cast<int>(random.between(0, 1023)));
  };
  const painters::tensor::ElementTraits t = painters::tensor::traits(type);
  const int exponent = std::ilogb(deviation);
  if (type == ElementType::f32) {
    for (std::size_t i = 0; i < n; ++i) put(random.normal(deviation));
  } else if (type == ElementType::f16) {
    for (std::size_t i = 0; i < n; ++i) put(static_cast<std::uint16_t>(half(exponent) | sign()));
  } else if (type == ElementType::bf16) {
    for (std::size_t i = 0; i < n; ++i) {
      const float value = random.normal(deviation);
      std::uint32_t bits;
      std::memcpy(&bits, &value, sizeof bits);
      put(static_cast<std::uint16_t>(bits >> 16));
    }
  } else {
    const BlockScales scales = block_scales(type);
    for (std::size_t i = 0; i < n; i += t.block_elements) {
      std::string block;
      for (std::size_t b = 0; b < t.block_bytes; ++b)
        block += static_cast<char>(random.between(0, 255));
      const auto put_at = [&](std::size_t at, std::uint16_t number) {
        std::memcpy(block.data() + at, &number, sizeof number);
      };
      put_at(scales.at, half(exponent - scales.range));
      if (scales.minimum_at != BlockScales::none)
        put_at(scales.minimum_at, static_cast<std::uint16_t>(half(exponent - scales.minimum_range) |
                                                             scales.minimum_sign));
      bytes += block;
    }
  }
  return bytes;
}

/// Rows of `row_bytes` bytes in the order in which GGUF files of Llama models store Q and K: rows i
/// and i + head_dim / 2 of a head are neighbours.
inline std::string interleaved(const std::string& rows, std::size_t row_bytes, std::size_t heads) {
  std::string result;
  const std::size_t half = rows.size() / row_bytes / heads / 2;
  for (std::size_t h = 0; h < heads; ++h)
    for (std::size_t i = 0; i < half; ++i)
      for (std::size_t side = 0; side < 2; ++side)
        result.append(rows, (h * 2 * half + side * half + i) * row_bytes, row_bytes);
  return result;
}

inline StoredWeight random_weight(painters::tensor::ElementType type, std::size_t rows,
                                  std::size_t cols, Random& random,
                                  std::size_t interleaved_heads = 0, float deviation = 1) {
  const std::string in_order = random_elements(type, rows * cols, random, deviation);
  StoredWeight stored;
  stored.values = painters::tensor::Buffer(rows, cols);
  painters::tensor::dequantize(type, reinterpret_cast<const std::byte*>(in_order.data()),
                               rows * cols, stored.values.data());
  stored.bytes = std::make_shared<std::string>(
      interleaved_heads == 0 ? in_order
                             : interleaved(in_order, in_order.size() / rows, interleaved_heads));
  stored.weight = {type, reinterpret_cast<const std::byte*>(stored.bytes->data()), rows, cols};
  if (interleaved_heads != 0)
    stored.weight.order = {interleaved_heads, rows / interleaved_heads, true};
  return stored;
}

/// Trees of 1 to `most_segments` segments of 1 to `most_length` tokens.
inline painters::tensor::PackedBatch random_batch(Random& random, std::size_t most_segments,
                                                  std::size_t most_length) {
  painters::tensor::PackedBatch batch;
  for (std::size_t n = random.between(1, most_segments); n > 0; --n) {
    const std::size_t segments = batch.segments().size();
    const std::size_t parent = random.between(0, 2 * segments);  // about half of them are roots
    batch.add(random.between(1, most_length),
              parent < segments ? parent : painters::tensor::Segment::no_parent);
  }
  return batch;
}

}  // namespace support
