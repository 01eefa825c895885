// Row-wise operations that are bound by memory or by exp: vectorised with xsimd, one row at a time,
// no threads.
#pragma once

#include <cmath>
#include <cstddef>

#include <xsimd/xsimd.hpp>

#include <painters/backend/onednn/isa.hpp>

namespace painters::backend::inline PAINTERS_ISA {
namespace kernels {

using Vec = xsimd::batch<float>;
inline constexpr std::size_t lanes = Vec::size;

/// The sum of all lanes; xsimd's own function for it changed its name.
inline float sum_of(Vec x) {
  alignas(64) float parts[lanes];
  x.store_aligned(parts);
  for (std::size_t step = lanes / 2; step > 0; step /= 2)
    for (std::size_t i = 0; i < step; ++i) parts[i] += parts[i + step];
  return parts[0];
}

/// exp(x) for x <= 0, -inf included, to about 1e-7 relative: 2^n from the exponent's bits times a
/// polynomial for the rest, with half the work of an exp for all x.
inline Vec exp_of_non_positive(Vec x) {
  const Vec bounded = xsimd::max(Vec(-87.0f), x);  // in this order NaN stays NaN
  const Vec n = xsimd::nearbyint(bounded * Vec(1.44269504089f));
  Vec r = xsimd::fnma(n, Vec(0.693359375f), bounded);
  r = xsimd::fnma(n, Vec(-2.12194440e-4f), r);
  Vec p(1.9875691500e-4f);  // the polynomial of Cephes' expf
  p = xsimd::fma(p, r, Vec(1.3981999507e-3f));
  p = xsimd::fma(p, r, Vec(8.3334519073e-3f));
  p = xsimd::fma(p, r, Vec(4.1665795894e-2f));
  p = xsimd::fma(p, r, Vec(1.6666665459e-1f));
  p = xsimd::fma(p, r, Vec(5.0000001201e-1f));
  p = xsimd::fma(p, r * r, r + Vec(1.0f));
  const Vec result = xsimd::ldexp(p, xsimd::to_int(n));
  return xsimd::select(x < Vec(-87.0f), Vec(0.0f), result);
}

/// sum of x^2 over n elements, in four independent sums.
inline float sum_of_squares(const float* x, std::size_t n) {
  Vec s0(0.0f), s1(0.0f), s2(0.0f), s3(0.0f);
  std::size_t i = 0;
  for (; i + 4 * lanes <= n; i += 4 * lanes) {
    const Vec a = Vec::load_unaligned(x + i), b = Vec::load_unaligned(x + i + lanes);
    const Vec c = Vec::load_unaligned(x + i + 2 * lanes),
              d = Vec::load_unaligned(x + i + 3 * lanes);
    s0 = xsimd::fma(a, a, s0), s1 = xsimd::fma(b, b, s1);
    s2 = xsimd::fma(c, c, s2), s3 = xsimd::fma(d, d, s3);
  }
  for (; i + lanes <= n; i += lanes) {
    const Vec a = Vec::load_unaligned(x + i);
    s0 = xsimd::fma(a, a, s0);
  }
  float sum = sum_of((s0 + s1) + (s2 + s3));
  for (; i < n; ++i) sum += x[i] * x[i];
  return sum;
}

/// y = x / sqrt(mean(x^2) + eps) * weight; y may be x.
inline void rms_norm(const float* x, const float* weight, float eps, std::size_t n, float* y) {
  const float factor = 1.0f / std::sqrt(sum_of_squares(x, n) / static_cast<float>(n) + eps);
  for (std::size_t i = 0; i < n; ++i) y[i] = x[i] * factor * weight[i];
}

/// Split-half rotation of `heads` heads of 2 * half elements.
inline void rotary(float* x, std::size_t heads, std::size_t half, const float* cosine,
                   const float* sine) {
  for (std::size_t head = 0; head < heads; ++head) {
    float* first = x + head * 2 * half;
    float* second = first + half;
    for (std::size_t i = 0; i < half; ++i) {
      const float a = first[i], b = second[i];
      first[i] = a * cosine[i] - b * sine[i];
      second[i] = b * cosine[i] + a * sine[i];
    }
  }
}

/// y = gate / (1 + exp(-gate)) * up.
inline void swiglu(const float* gate, const float* up, std::size_t n, float* y) {
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const Vec g = Vec::load_unaligned(gate + i), u = Vec::load_unaligned(up + i);
    ((g / (Vec(1.0f) + xsimd::exp(-g))) * u).store_unaligned(y + i);
  }
  for (; i < n; ++i) y[i] = gate[i] / (1.0f + std::exp(-gate[i])) * up[i];
}

/// The largest of n >= 1 elements.
inline float max(const float* x, std::size_t n) {
  std::size_t i = 0;
  float result = x[0];
  if (n >= lanes) {
    Vec m = Vec::load_unaligned(x);
    for (i = lanes; i + lanes <= n; i += lanes) m = xsimd::max(m, Vec::load_unaligned(x + i));
    alignas(64) float parts[lanes];
    m.store_aligned(parts);
    for (float p : parts) result = p > result ? p : result;
  }
  for (; i < n; ++i) result = x[i] > result ? x[i] : result;
  return result;
}

/// sum of exp(x - max): each short run in f32 lanes, the runs in double.
inline double sum_of_exp(const float* x, float max, std::size_t n) {
  constexpr std::size_t run = 32 * lanes;
  double total = 0;
  std::size_t i = 0;
  while (n - i >= lanes) {
    Vec sum(0.0f);
    const std::size_t end = i + (n - i < run ? (n - i) / lanes * lanes : run);
    for (; i < end; i += lanes) sum += exp_of_non_positive(Vec::load_unaligned(x + i) - Vec(max));
    total += static_cast<double>(sum_of(sum));
  }
  for (; i < n; ++i) total += std::exp(x[i] - max);
  return total;
}

}  // namespace kernels
}  // namespace painters::backend::inline PAINTERS_ISA
