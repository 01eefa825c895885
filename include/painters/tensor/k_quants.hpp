// Exact conversion to f32 of GGUF's K-quants: super-blocks of 256 elements in groups of 16 or 32,
// whose scales, and minima where there are any, are integers themselves, scaled by d and dmin (f16,
// little-endian). An element of group g with the integer q is
//   Q2_K, Q4_K, Q5_K: d scale[g] q - dmin minimum[g]     Q3_K, Q6_K: d scale[g] q
// The fields in the order of the bytes, each with its number of bytes:
//   Q2_K: 16 scales and minima, 64 low bits, d, dmin
//   Q3_K: 32 third bits, 64 low bits, 12 scales, d
//   Q4_K: d, dmin, 12 scales and minima, 128 low bits
//   Q5_K: d, dmin, 12 scales and minima, 32 fifth bits, 128 low bits
//   Q6_K: 128 low bits, 64 upper bits, 16 scales, d
// Bits of integers are packed so that neighbouring bytes belong to neighbouring elements: see
// `spread`.
//
// d has 11 significant bits, a scale at most 7 and q at most 5 beyond its sign, so that d scale q
// is exact in f32, and dmin minimum as well. The result is rounded once, whether or not the
// compiler fuses the subtraction. Integers become bytes first and floats then, so that both loops
// vectorise.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <painters/tensor/half.hpp>

namespace painters::tensor::detail {

inline constexpr std::size_t super_block = 256;

/// The integers of a super-block.
struct Integers {
  std::int8_t q[super_block];
};

/// Scales (and minima) of the groups of `group` elements.
template <std::size_t group>
struct Scales {
  float scale[super_block / group];
  float minimum[super_block / group];

  void scaled(const Integers& integers, float* dst) const {
    for (std::size_t g = 0; g < super_block / group; ++g)
      for (std::size_t i = 0; i < group; ++i)
        dst[g * group + i] = scale[g] * static_cast<float>(integers.q[g * group + i]);
  }
  void scaled_minus_minimum(const Integers& integers, float* dst) const {
    for (std::size_t g = 0; g < super_block / group; ++g)
      for (std::size_t i = 0; i < group; ++i)
        dst[g * group + i] = scale[g] * static_cast<float>(integers.q[g * group + i]) - minimum[g];
  }
};

/// Calls put(i, bits) with the `bits` bits of each element i of a super-block: byte j of a run of
/// `run` bytes holds those of element j in its lowest bits, of element run + j in the next, and so
/// on; the next run has the elements that follow.
template <std::size_t bits, std::size_t run, class Put>
void spread(const std::byte* src, Put put) {
  constexpr std::size_t planes = 8 / bits, bytes = super_block / planes;
  constexpr unsigned mask = (1u << bits) - 1;
  std::uint8_t packed[bytes];
  std::memcpy(packed, src, bytes);
  for (std::size_t first = 0; first < bytes; first += run)
    for (std::size_t plane = 0; plane < planes; ++plane)
      for (std::size_t j = 0; j < run; ++j)
        put(first * planes + plane * run + j, packed[first + j] >> (plane * bits) & mask);
}

/// The 8 scales and minima of 6 bits of Q4_K and Q5_K: in the low bits of bytes 0 to 3 and 4 to 7
/// those of the first four groups; of the others the lower four bits in bytes 8 to 11, scale before
/// minimum, and the upper two on top of bytes 0 to 3 and 4 to 7.
inline Scales<32> scales_and_minima(const std::byte* src, float d, float dmin) {
  std::uint8_t b[12];
  std::memcpy(b, src, sizeof b);
  Scales<32> result;
  for (std::size_t i = 0; i < 4; ++i) {
    result.scale[i] = d * static_cast<float>(b[i] & 63);
    result.minimum[i] = dmin * static_cast<float>(b[i + 4] & 63);
    result.scale[i + 4] = d * static_cast<float>((b[i + 8] & 15) | b[i] >> 6 << 4);
    result.minimum[i + 4] = dmin * static_cast<float>(b[i + 8] >> 4 | b[i + 4] >> 6 << 4);
  }
  return result;
}

inline void dequantize_q2_k(const std::byte* src, float* dst) {
  const float d = half_at(src + 80), dmin = half_at(src + 82);
  std::uint8_t both[16];  // scale in the low half, minimum in the high half
  std::memcpy(both, src, sizeof both);
  Scales<16> scales;
  for (std::size_t g = 0; g < 16; ++g) {
    scales.scale[g] = d * static_cast<float>(both[g] & 15);
    scales.minimum[g] = dmin * static_cast<float>(both[g] >> 4);
  }
  Integers integers;
  spread<2, 32>(src + 16, [&](std::size_t i, unsigned low) {
    integers.q[i] = static_cast<std::int8_t>(low);
  });
  scales.scaled_minus_minimum(integers, dst);
}

/// Where the third bit is not set, the integer is less by 4.
inline void dequantize_q3_k(const std::byte* src, float* dst) {
  const float d = half_at(src + 108);
  std::uint8_t b[12];  // scales + 32: the lower four bits of all 16, then the upper two
  std::memcpy(b, src + 96, sizeof b);
  Scales<16> scales;
  for (std::size_t g = 0; g < 16; ++g) {
    const int lower = b[g % 8] >> (g < 8 ? 0 : 4) & 15, upper = b[8 + g % 4] >> (g / 4 * 2) & 3;
    scales.scale[g] = d * static_cast<float>((lower | upper << 4) - 32);
  }
  Integers integers;
  spread<1, 32>(src, [&](std::size_t i, unsigned third) {
    integers.q[i] = static_cast<std::int8_t>(static_cast<int>(third << 2) - 4);
  });
  spread<2, 32>(src + 32, [&](std::size_t i, unsigned low) {
    integers.q[i] = static_cast<std::int8_t>(integers.q[i] + static_cast<int>(low));
  });
  scales.scaled(integers, dst);
}

inline void dequantize_q4_k(const std::byte* src, float* dst) {
  const Scales<32> scales = scales_and_minima(src + 4, half_at(src), half_at(src + 2));
  Integers integers;
  spread<4, 32>(src + 16, [&](std::size_t i, unsigned low) {
    integers.q[i] = static_cast<std::int8_t>(low);
  });
  scales.scaled_minus_minimum(integers, dst);
}

inline void dequantize_q5_k(const std::byte* src, float* dst) {
  const Scales<32> scales = scales_and_minima(src + 4, half_at(src), half_at(src + 2));
  Integers integers;
  spread<1, 32>(src + 16, [&](std::size_t i, unsigned fifth) {
    integers.q[i] = static_cast<std::int8_t>(fifth << 4);
  });
  spread<4, 32>(src + 48, [&](std::size_t i, unsigned low) {
    integers.q[i] = static_cast<std::int8_t>(integers.q[i] | static_cast<int>(low));
  });
  scales.scaled_minus_minimum(integers, dst);
}

inline void dequantize_q6_k(const std::byte* src, float* dst) {
  const float d = half_at(src + 208);
  std::int8_t integer_scales[16];
  std::memcpy(integer_scales, src + 192, sizeof integer_scales);
  Scales<16> scales;
  for (std::size_t g = 0; g < 16; ++g) scales.scale[g] = d * static_cast<float>(integer_scales[g]);
  Integers integers;
  spread<2, 32>(src + 128, [&](std::size_t i, unsigned upper) {
    integers.q[i] = static_cast<std::int8_t>(static_cast<int>(upper << 4) - 32);
  });
  spread<4, 64>(src, [&](std::size_t i, unsigned low) {
    integers.q[i] = static_cast<std::int8_t>(integers.q[i] + static_cast<int>(low));
  });
  scales.scaled(integers, dst);
}

}  // namespace painters::tensor::detail
