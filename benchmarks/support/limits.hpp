// What the machine allows, measured in the same run: the peak of f32 multiply-adds, and the rate of
// oneDNN's products on given shapes.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <span>
#include <vector>

#include <benchmark/benchmark.h>
#include <omp.h>
#include <xsimd/xsimd.hpp>

#include <painters/backend/onednn/products.hpp>
#include <painters/tensor/buffer.hpp>

namespace painters::benchmarks {

/// The shortest of several runs of f, in seconds.
inline double shortest(int runs, const std::function<void()>& f) {
  double best = 1e30;
  for (int i = 0; i < runs; ++i) {
    const auto start = std::chrono::steady_clock::now();
    f();
    best = std::min(
        best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return best;
}

/// The rate of multiply-adds in registers, on all threads, with the widest vectors that this
/// program is compiled for.
inline double peak_flops() {
  using Vec = xsimd::batch<float>;
  constexpr std::size_t chains = 12, steps = 2'000'000;
  static const double peak = [] {
    const int threads = omp_get_max_threads();
    const double seconds = shortest(5, [] {
#pragma omp parallel
      {
        Vec sum[chains];
        for (std::size_t c = 0; c < chains; ++c) sum[c] = Vec(0.1f * static_cast<float>(c));
        const Vec a(0.999f), b(0.001f);
        for (std::size_t i = 0; i < steps; ++i)
          for (std::size_t c = 0; c < chains; ++c) sum[c] = xsimd::fma(sum[c], a, b);
        for (std::size_t c = 1; c < chains; ++c) sum[0] = sum[0] + sum[c];
        benchmark::DoNotOptimize(sum);
      }
    });
    return 2.0 * Vec::size * chains * steps * threads / seconds;
  }();
  return peak;
}

/// A product of `rows` x in with in x out, `count` times in a model.
struct ProductShape {
  std::size_t rows, in, out, count;

  double flops() const {
    return 2.0 * static_cast<double>(rows) * static_cast<double>(in) * static_cast<double>(out) *
           static_cast<double>(count);
  }
};

/// The rate of these products one after another, each over all rows and by all threads: oneDNN with
/// nothing of ours around it.
inline double product_flops(std::span<const ProductShape> shapes) {
  backend::onednn::Products products;
  backend::onednn::Worker worker(products.engine());
  double flops = 0, seconds = 0;
  for (const ProductShape& shape : shapes) {
    tensor::Buffer x(shape.rows, shape.in), y(shape.rows, shape.out);
    tensor::Buffer panel(1, products.panel_layout(shape.in, shape.out).get_size() / sizeof(float));
    std::fill_n(x.data(), x.size(), 0.5f);
    std::fill_n(panel.data(), panel.size(), 0.25f);
    const auto product = [&] {
      products.run(worker, x.view(), panel.data(), y.view(), omp_get_max_threads());
    };
    product();
    seconds += shortest(7, product) * static_cast<double>(shape.count);
    flops += shape.flops();
  }
  return flops / seconds;
}

}  // namespace painters::benchmarks
