// The two 16-bit floating-point formats of weights, converted to f32 exactly and without branches,
// so that loops over them vectorise on any instruction set.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace painters::tensor {

/// IEEE 754 binary16 to f32: exact for all 65536 values; NaN stays NaN with its payload.
constexpr float half_to_float(std::uint16_t half) {
  constexpr std::uint32_t rebias = (127u - 15u) << 23;
  const std::uint32_t magnitude = half & 0x7fffu;
  const std::uint32_t widened = magnitude << 13;
  // Subnormal: mantissa * 2^-24, as the difference of two normal numbers, whatever the denormal
  // mode of the processor.
  constexpr std::uint32_t two_to_minus_14 = (127u - 14u) << 23;
  const float subnormal =
      std::bit_cast<float>(widened + two_to_minus_14) - std::bit_cast<float>(two_to_minus_14);
  const std::uint32_t normal =
      widened + rebias + (magnitude >= 0x7c00u ? rebias : 0u);  // infinities and NaN
  const std::uint32_t bits = magnitude < 0x0400u ? std::bit_cast<std::uint32_t>(subnormal) : normal;
  return std::bit_cast<float>(bits | std::uint32_t{half & 0x8000u} << 16);
}

/// The binary16 number in the two bytes at `src`, which need no alignment.
inline float half_at(const std::byte* src) {
  std::uint16_t bits;
  std::memcpy(&bits, src, sizeof bits);
  return half_to_float(bits);
}

/// bfloat16 to f32: the upper half of the same bits.
constexpr float bfloat_to_float(std::uint16_t bfloat) {
  return std::bit_cast<float>(std::uint32_t{bfloat} << 16);
}

}  // namespace painters::tensor
