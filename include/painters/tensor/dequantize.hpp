// Exact conversion of stored weights to f32.
//
// GGUF's super-blocks are in k_quants.hpp, its blocks of indices into a table in iq4.hpp. A block
// of the other formats holds 32 elements: a scale d and in some formats a minimum m (f16,
// little-endian), then in the 5-bit formats the fifth bits, then the integers q. Element j < 16 of
// the 4- and 5-bit formats is the low half of byte j, element j + 16 its high half; fifth bits are
// a little-endian 32-bit number, bit j for element j.
//   Q8_0: d q       Q4_0: d (q - 8)   Q4_1: d q + m   Q5_0: d (q - 16)   Q5_1: d q + m
// d has 11 significant bits and q at most 8, so d q is exact in f32 and the result is rounded once,
// whether or not the compiler fuses the addition of m.
#pragma once

#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <painters/tensor/buffer.hpp>
#include <painters/tensor/element_type.hpp>
#include <painters/tensor/half.hpp>
#include <painters/tensor/iq4.hpp>
#include <painters/tensor/k_quants.hpp>
#include <painters/tensor/weight.hpp>

#ifdef __F16C__
#include <immintrin.h>
#endif

namespace painters::tensor {

static_assert(std::endian::native == std::endian::little,
              "painters: weights are read as little-endian numbers");

namespace detail {

constexpr std::size_t block = 32;

/// The packed 4-bit integers of a block, copied so that the compiler sees that `dst` does not alias
/// them.
struct Nibbles {
  std::uint8_t bytes[block / 2];
  explicit Nibbles(const std::byte* src) { std::memcpy(bytes, src, sizeof bytes); }
  int low(std::size_t j) const { return bytes[j] & 15; }
  int high(std::size_t j) const { return bytes[j] >> 4; }
};

inline void dequantize_q8_0(const std::byte* src, float* dst) {
  const float d = half_at(src);
  std::int8_t q[block];
  std::memcpy(q, src + 2, sizeof q);
  for (std::size_t j = 0; j < block; ++j) dst[j] = d * static_cast<float>(q[j]);
}

inline void dequantize_q4_0(const std::byte* src, float* dst) {
  const float d = half_at(src);
  const Nibbles q(src + 2);
  for (std::size_t j = 0; j < block / 2; ++j) dst[j] = d * static_cast<float>(q.low(j) - 8);
  for (std::size_t j = 0; j < block / 2; ++j)
    dst[j + block / 2] = d * static_cast<float>(q.high(j) - 8);
}

inline void dequantize_q4_1(const std::byte* src, float* dst) {
  const float d = half_at(src), m = half_at(src + 2);
  const Nibbles q(src + 4);
  for (std::size_t j = 0; j < block / 2; ++j) dst[j] = d * static_cast<float>(q.low(j)) + m;
  for (std::size_t j = 0; j < block / 2; ++j)
    dst[j + block / 2] = d * static_cast<float>(q.high(j)) + m;
}

inline void dequantize_q5_0(const std::byte* src, float* dst) {
  const float d = half_at(src);
  std::uint32_t fifth;
  std::memcpy(&fifth, src + 2, sizeof fifth);
  const Nibbles q(src + 6);
  for (std::uint32_t j = 0; j < 16; ++j)
    dst[j] = d * static_cast<float>((q.low(j) | static_cast<int>(fifth >> j & 1u) << 4) - 16);
  for (std::uint32_t j = 0; j < 16; ++j)
    dst[j + 16] =
        d * static_cast<float>((q.high(j) | static_cast<int>(fifth >> (j + 16) & 1u) << 4) - 16);
}

inline void dequantize_q5_1(const std::byte* src, float* dst) {
  const float d = half_at(src), m = half_at(src + 2);
  std::uint32_t fifth;
  std::memcpy(&fifth, src + 4, sizeof fifth);
  const Nibbles q(src + 8);
  for (std::uint32_t j = 0; j < 16; ++j)
    dst[j] = d * static_cast<float>(q.low(j) | static_cast<int>(fifth >> j & 1u) << 4) + m;
  for (std::uint32_t j = 0; j < 16; ++j)
    dst[j + 16] =
        d * static_cast<float>(q.high(j) | static_cast<int>(fifth >> (j + 16) & 1u) << 4) + m;
}

template <class Convert>
void convert_16bit(const std::byte* src, std::size_t elements, float* dst, Convert convert) {
  std::uint16_t bits[block];
  for (std::size_t i = 0; i < elements; i += block) {
    const std::size_t count = elements - i < block ? elements - i : block;
    std::memcpy(bits, src + 2 * i, 2 * count);
    for (std::size_t j = 0; j < count; ++j) dst[i + j] = convert(bits[j]);
  }
}

/// The processor's own instruction differs from half_to_float only in the payload of a NaN.
inline void convert_halves(const std::byte* src, std::size_t elements, float* dst) {
  std::size_t first = 0;
#ifdef __F16C__
  for (; first + 8 <= elements; first += 8)
    _mm256_storeu_ps(
        dst + first,
        _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(src + 2 * first))));
#endif
  convert_16bit(src + 2 * first, elements - first, dst + first,
                [](std::uint16_t h) { return half_to_float(h); });
}

}  // namespace detail

/// The `elements` elements that begin at `src`, the first byte of a block, as f32 at `dst`.
/// `elements` is a multiple of the type's block_elements; `src` needs no alignment; src and dst do
/// not overlap.
inline void dequantize(ElementType type, const std::byte* src, std::size_t elements, float* dst) {
  const ElementTraits t = traits(type);
  assert(elements % t.block_elements == 0);
  const auto blocks = [&](auto convert) {
    for (std::size_t i = 0; i < elements; i += t.block_elements, src += t.block_bytes)
      convert(src, dst + i);
  };
  switch (type) {
    case ElementType::f32:
      std::memcpy(dst, src, elements * sizeof(float));
      return;
    case ElementType::f16:
      return detail::convert_halves(src, elements, dst);
    case ElementType::bf16:
      return detail::convert_16bit(src, elements, dst,
                                   [](std::uint16_t h) { return bfloat_to_float(h); });
    case ElementType::q8_0:
      return blocks([](const std::byte* s, float* d) { detail::dequantize_q8_0(s, d); });
    case ElementType::q4_0:
      return blocks([](const std::byte* s, float* d) { detail::dequantize_q4_0(s, d); });
    case ElementType::q4_1:
      return blocks([](const std::byte* s, float* d) { detail::dequantize_q4_1(s, d); });
    case ElementType::q5_0:
      return blocks([](const std::byte* s, float* d) { detail::dequantize_q5_0(s, d); });
    case ElementType::q5_1:
      return blocks([](const std::byte* s, float* d) { detail::dequantize_q5_1(s, d); });
    case ElementType::q2_k:
      return blocks([](const std::byte* s, float* d) { detail::dequantize_q2_k(s, d); });
    case ElementType::q3_k:
      return blocks([](const std::byte* s, float* d) { detail::dequantize_q3_k(s, d); });
    case ElementType::q4_k:
      return blocks([](const std::byte* s, float* d) { detail::dequantize_q4_k(s, d); });
    case ElementType::q5_k:
      return blocks([](const std::byte* s, float* d) { detail::dequantize_q5_k(s, d); });
    case ElementType::q6_k:
      return blocks([](const std::byte* s, float* d) { detail::dequantize_q6_k(s, d); });
    case ElementType::iq4_nl:
      return blocks([](const std::byte* s, float* d) { detail::dequantize_iq4_nl(s, d); });
    case ElementType::iq4_xs:
      return blocks([](const std::byte* s, float* d) { detail::dequantize_iq4_xs(s, d); });
  }
}

/// Row `row` of a weight (its cols inputs), in the order that our code uses, as f32 at `dst`.
inline void dequantize_row(const Weight& weight, std::size_t row, float* dst) {
  dequantize(weight.type, weight.row(row), weight.cols, dst);
}

/// All rows of all parts as f32 [outputs, inputs].
inline Buffer dequantize(const StackedWeight& parts) {
  std::size_t outputs = 0;
  for (const Weight& part : parts) outputs += part.rows;
  Buffer values(outputs, parts.empty() ? 0 : parts[0].cols);
  std::size_t output = 0;
  for (const Weight& part : parts)
    for (std::size_t r = 0; r < part.rows; ++r)
      dequantize_row(part, r, values.view().row(output++));
  return values;
}

}  // namespace painters::tensor
