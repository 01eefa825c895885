// Exact conversion to f32 of GGUF's 4-bit blocks whose integers are indices into a table of values
// that lie closer together near 0.
//
// IQ4_NL, 32 elements in 18 bytes: a scale d (f16, little-endian), then 16 bytes of indices, the
// low half of byte j for element j, the high half for element j + 16. An element is d value[index].
//
// IQ4_XS, 256 elements in 136 bytes: a scale d (f16), 8 x 2 upper bits and 8 x 4 lower bits of the
// scales s of its 8 groups of 32, then the groups' indices, each as above. An element is
// d (s - 32) value[index]. d has 11 significant bits, s - 32 at most 5 and a value 7: every product
// is exact.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <painters/tensor/half.hpp>

namespace painters::tensor::detail {

inline constexpr float iq4_values[16] = {-127, -104, -83, -65, -49, -35, -22, -10,
                                         1,    13,   25,  38,  53,  69,  89,  113};

/// The 32 elements of 16 bytes of indices.
inline void dequantize_iq4_group(const std::byte* src, float scale, float* dst) {
  std::uint8_t indices[16];
  std::memcpy(indices, src, sizeof indices);
  for (std::size_t j = 0; j < 16; ++j) dst[j] = scale * iq4_values[indices[j] & 15];
  for (std::size_t j = 0; j < 16; ++j) dst[j + 16] = scale * iq4_values[indices[j] >> 4];
}

inline void dequantize_iq4_nl(const std::byte* src, float* dst) {
  dequantize_iq4_group(src + 2, half_at(src), dst);
}

inline void dequantize_iq4_xs(const std::byte* src, float* dst) {
  const float d = half_at(src);
  std::uint16_t upper;
  std::memcpy(&upper, src + 2, sizeof upper);
  std::uint32_t lower;
  std::memcpy(&lower, src + 4, sizeof lower);
  for (std::size_t group = 0; group < 8; ++group) {
    const int s = static_cast<int>((lower >> 4 * group & 15u) | (upper >> 2 * group & 3u) << 4);
    dequantize_iq4_group(src + 8 + 16 * group, d * static_cast<float>(s - 32), dst + 32 * group);
  }
}

}  // namespace painters::tensor::detail
