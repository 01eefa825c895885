// What do hooks within layers cost? The default model's layers on 512 tokens: as they are, under
// hooks that look at nothing there, and under hooks that read at one point of every layer, for
// which a layer runs step by step. The default model must have been fetched.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <utility>
#include <vector>

#include <painters/backend/onednn.hpp>
#include <painters/layers/activation_hooks.hpp>
#include <painters/layers/hook_point.hpp>
#include <painters/layers/hooked_calls.hpp>
#include <painters/models/causal_lm.hpp>
#include <painters/pipeline/executor.hpp>
#include <painters/plan/sequence.hpp>
#include <painters/tensor/packed_batch.hpp>

#include "../examples/support/default_model.hpp"

namespace {

using namespace painters;
using layers::ActivationHooks;
using layers::HookPoint;

struct Bench {
  backend::OneDnn backend;
  models::CausalLm<backend::OneDnn> model{examples::default_model(), backend};
  Plan plan = Sequence{model.config().num_hidden_layers};

  template <class... Hooks>
  void run(benchmark::State& state, Hooks&... hooks) {
    const std::vector<text::TokenId> tokens(512, 5);
    auto x = model.embed(tokens, tensor::single_sequence(tokens.size()));
    const auto start = x;
    painters::run(plan, model.layers(), x);  // makes what is kept
    for (auto _ : state) {
      x = start;
      painters::run(plan, model.layers(), x, hooks...);
    }
    state.counters["tokens"] = benchmark::Counter(
        static_cast<double>(tokens.size() * state.iterations()), benchmark::Counter::kIsRate);
  }
};

void without(benchmark::State& state) { Bench().run(state); }

void with(benchmark::State& state, HookPoint point, layers::HookFilter filter) {
  Bench bench;
  ActivationHooks hooks;
  hooks.read(point, std::move(filter),
             [](const layers::ConstHookedValues& at) { benchmark::DoNotOptimize(at.values.data); });
  layers::HookedCalls<backend::OneDnn> calls(hooks, bench.model.layers().size());
  bench.run(state, calls);
}

BENCHMARK(without)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(with, looking_at_no_call, HookPoint::z, {.calls = {1000000}})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(with, resid_post, HookPoint::resid_post, {})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(with, heads, HookPoint::z, {})->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(with, neurons, HookPoint::post, {})->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(with, patterns, HookPoint::pattern, {})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
