// What does a plan cost? The executor, with plans known at compile time and at run time, against
// the same layers called in a hand-written loop: 32 residual layers of width 64 (a call of about a
// microsecond) and 576 (the default model's width), in order and with the middle run side by side
// three times.
#include <benchmark/benchmark.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <random>
#include <vector>

#include <painters/painters.hpp>

namespace {

using painters::Stack;
using State = std::vector<float>;

/// x += relu(W x)
struct Residual {
  std::size_t width = 0;
  std::vector<float> w;

  void operator()(State& x) const {
    std::array<float, 576> y;
    for (std::size_t i = 0; i < width; ++i) {
      float sums[16] = {};  // independent sums, so that the compiler can use vectors
      for (std::size_t j = 0; j < width; j += 16)
        for (std::size_t k = 0; k < 16; ++k) sums[k] += w[i * width + j + k] * x[j + k];
      float sum = 0;
      for (const float part : sums) sum += part;
      y[i] = sum > 0 ? sum : 0;
    }
    for (std::size_t i = 0; i < width; ++i) x[i] += y[i];
  }
};

Stack<Residual, 32> make_net(std::size_t width) {
  std::mt19937 random(1);
  std::normal_distribution<float> normal(0, 0.1f / std::sqrt(static_cast<float>(width)));
  return painters::stack<32>([&](std::size_t) {
    Residual layer{width, std::vector<float>(width * width)};
    for (float& value : layer.w) value = normal(random);
    return layer;
  });
}

constexpr auto in_order = painters::Sequence<32>{};
constexpr auto looped =
    in_order | painters::window<13, 19>(painters::ParallelMean{} | painters::Loop<3>{});

void loop_in_order(const Stack<Residual, 32>& net, State& x) {
  for (std::size_t i = 0; i < 32; ++i) net[i](x);
}
void loop_looped(const Stack<Residual, 32>& net, State& x) {
  for (std::size_t i = 0; i < 13; ++i) net[i](x);
  State sum, branch;
  for (int t = 0; t < 3; ++t) {
    sum.assign(x.size(), 0);
    for (std::size_t i = 13; i < 20; ++i) {
      branch = x;
      net[i](branch);
      for (std::size_t j = 0; j < x.size(); ++j) sum[j] += branch[j] / 7;
    }
    std::swap(x, sum);
  }
  for (std::size_t i = 20; i < 32; ++i) net[i](x);
}

template <class Run>
void measure(benchmark::State& state, std::size_t calls, Run run) {
  const auto net = make_net(static_cast<std::size_t>(state.range(0)));
  const State start(static_cast<std::size_t>(state.range(0)), 1.0f);
  State x;
  for (auto _ : state) {
    x = start;
    run(net, x);
    benchmark::DoNotOptimize(x.data());
  }
  state.counters["calls/s"] =
      benchmark::Counter(static_cast<double>(calls), benchmark::Counter::kIsIterationInvariantRate);
}

void in_order_by_hand(benchmark::State& state) { measure(state, 32, loop_in_order); }
void in_order_static_plan(benchmark::State& state) {
  measure(state, 32, [](const auto& net, State& x) { painters::run<in_order>(net, x); });
}
void in_order_run_time_plan(benchmark::State& state) {
  const painters::Plan plan(in_order);
  measure(state, 32, [&](const auto& net, State& x) { painters::run(plan, net, x); });
}
void looped_by_hand(benchmark::State& state) { measure(state, 46, loop_looped); }
void looped_static_plan(benchmark::State& state) {
  measure(state, 46, [](const auto& net, State& x) { painters::run<looped>(net, x); });
}
void looped_run_time_plan(benchmark::State& state) {
  const painters::Plan plan(looped);
  measure(state, 46, [&](const auto& net, State& x) { painters::run(plan, net, x); });
}

BENCHMARK(in_order_by_hand)->Arg(64)->Arg(576);
BENCHMARK(in_order_static_plan)->Arg(64)->Arg(576);
BENCHMARK(in_order_run_time_plan)->Arg(64)->Arg(576);
BENCHMARK(looped_by_hand)->Arg(64)->Arg(576);
BENCHMARK(looped_static_plan)->Arg(64)->Arg(576);
BENCHMARK(looped_run_time_plan)->Arg(64)->Arg(576);

}  // namespace
