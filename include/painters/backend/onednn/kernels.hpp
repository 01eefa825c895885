// Row-wise operations that are bound by memory or by exp: vectorised with xsimd, one row at a time,
// no threads.
#pragma once

#include <cmath>
#include <cstddef>

#include <xsimd/xsimd.hpp>

#include <painters/backend/activation.hpp>
#include <painters/backend/onednn/isa.hpp>

namespace painters::backend::inline PAINTERS_ISA {
namespace kernels {

using Vec = xsimd::batch<float>;
inline constexpr std::size_t lanes = Vec::size;

/// The sum of all lanes; xsimd's own function for it has changed its name between versions.
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

/// The sum of add(sum so far, x) over n elements, in four independent sums; add(sum, x) for vectors
/// and for single elements.
template <class Add>
float sum_by(const float* x, std::size_t n, const Add& add) {
  Vec s0(0.0f), s1(0.0f), s2(0.0f), s3(0.0f);
  std::size_t i = 0;
  for (; i + 4 * lanes <= n; i += 4 * lanes) {
    s0 = add(s0, Vec::load_unaligned(x + i));
    s1 = add(s1, Vec::load_unaligned(x + i + lanes));
    s2 = add(s2, Vec::load_unaligned(x + i + 2 * lanes));
    s3 = add(s3, Vec::load_unaligned(x + i + 3 * lanes));
  }
  for (; i + lanes <= n; i += lanes) s0 = add(s0, Vec::load_unaligned(x + i));
  float sum = sum_of((s0 + s1) + (s2 + s3));
  for (; i < n; ++i) sum = add(sum, x[i]);
  return sum;
}

/// sum of x - origin over n elements.
inline float sum_of_distances(const float* x, float origin, std::size_t n) {
  return sum_by(x, n, [origin](auto sum, auto v) { return sum + (v - decltype(v)(origin)); });
}

struct AddSquare {
  Vec operator()(Vec sum, Vec x) const { return xsimd::fma(x, x, sum); }
  float operator()(float sum, float x) const { return sum + x * x; }
};

/// sum of x^2 over n elements.
inline float sum_of_squares(const float* x, std::size_t n) { return sum_by(x, n, AddSquare()); }

/// y = x / sqrt(mean(x^2) + eps) * weight; y may be x.
inline void rms_norm(const float* x, const float* weight, float eps, std::size_t n, float* y) {
  const float factor = 1.0f / std::sqrt(sum_of_squares(x, n) / static_cast<float>(n) + eps);
  for (std::size_t i = 0; i < n; ++i) y[i] = x[i] * factor * weight[i];
}

/// y = (x - mean) / sqrt(variance + eps) * weight + bias; y may be x. All values are taken relative
/// to the first one, because sums of large values and of their squares would lose a small variance.
inline void layer_norm(const float* x, const float* weight, const float* bias, float eps,
                       std::size_t n, float* y) {
  const float origin = x[0];
  const float mean = sum_of_distances(x, origin, n) / static_cast<float>(n);
  for (std::size_t i = 0; i < n; ++i) y[i] = (x[i] - origin) - mean;
  const float factor = 1.0f / std::sqrt(sum_of_squares(y, n) / static_cast<float>(n) + eps);
  for (std::size_t i = 0; i < n; ++i) y[i] = y[i] * factor * weight[i] + bias[i];
}

/// Split-half rotation of the first 2 * half elements of each of `heads` heads.
inline void rotary(float* x, std::size_t heads, std::size_t head_dim, std::size_t half,
                   const float* cosine, const float* sine) {
  for (std::size_t head = 0; head < heads; ++head) {
    float* first = x + head * head_dim;
    float* second = first + half;
    for (std::size_t i = 0; i < half; ++i) {
      const float a = first[i], b = second[i];
      first[i] = a * cosine[i] - b * sine[i];
      second[i] = b * cosine[i] + a * sine[i];
    }
  }
}

/// x / (1 + exp(-z)).
inline Vec times_logistic(Vec x, Vec z) { return x / (Vec(1.0f) + xsimd::exp(-z)); }

/// f(x) for a vector; see backend::activated.
inline Vec activated(Activation f, Vec x) {
  switch (f) {
    case Activation::gelu: {
      const Vec half = x * Vec(0.5f);
      return xsimd::fma(half, xsimd::erf(x * Vec(0.70710678118654752440f)), half);
    }
    case Activation::gelu_tanh:  // (1 + tanh(z)) / 2 = 1 / (1 + exp(-2 z))
      return times_logistic(x, x * xsimd::fma(x * x, Vec(2 * 0.79788456080286535588f * 0.044715f),
                                              Vec(2 * 0.79788456080286535588f)));
    case Activation::relu:
      return xsimd::max(Vec(0.0f), x);  // in this order NaN stays NaN
    case Activation::silu:
      return times_logistic(x, x);
    case Activation::tanh:
      return xsimd::tanh(x);
  }
  return x;
}

/// x = f(x) for n elements.
inline void activate(Activation f, float* x, std::size_t n) {
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes)
    activated(f, Vec::load_unaligned(x + i)).store_unaligned(x + i);
  for (; i < n; ++i) x[i] = backend::activated(f, x[i]);
}

/// y = f(gate) * up.
inline void gate(Activation f, const float* gate, const float* up, std::size_t n, float* y) {
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes)
    (activated(f, Vec::load_unaligned(gate + i)) * Vec::load_unaligned(up + i))
        .store_unaligned(y + i);
  for (; i < n; ++i) y[i] = backend::activated(f, gate[i]) * up[i];
}

/// x += a y for n elements.
inline void add_scaled(float* x, float a, const float* y, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) x[i] += a * y[i];
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
