// How fast does a model run that is larger than memory? Layers of Llama-2-70B's shape behind a
// memory map, nothing kept in f32: a sparse file of Q4_0 (36 GiB), and one of F16 in shards (128
// GiB). Arguments: tokens of one text, layers of the plan (80 are a whole pass), and whether an
// untimed pass has brought the file's pages into memory (for a hole the system fills them with
// zeros, which keeps a processor busy for longer than a disk would).
//
//   layer_s       seconds for a layer
//   pass_s        the same for 80 layers
//   GF            10^9 operations a second of the matrix products
//   products      share of the processors' time that oneDNN's products alone take on these shapes;
//                 the rest is conversion, reading, attention and so on
//   anonymous_MB  the most memory that was not the file's
//
//   build/benchmark/benchmarks/streaming_benchmark --benchmark_filter=layers:4/warm:1
#include <benchmark/benchmark.h>

#include <chrono>
#include <cstddef>
#include <ctime>
#include <filesystem>
#include <vector>

#include <painters/backend/onednn.hpp>
#include <painters/layers/hidden_states.hpp>
#include <painters/models/causal_lm.hpp>
#include <painters/pipeline/executor.hpp>
#include <painters/plan/sequence.hpp>

#include "support/anonymous_memory.hpp"
#include "support/limits.hpp"
#include "support/sparse_llama.hpp"
#include "support/temporary_folder.hpp"

namespace {

using namespace painters;
using Backend = backend::OneDnn;

double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

/// The time that oneDNN's products alone take for a layer.
double product_seconds(const support::CausalLmShape& shape, std::size_t tokens) {
  const auto& b = shape.block;
  const std::size_t tile = 64, inputs = b.hidden_size;
  backend::onednn::Products products;
  backend::onednn::Worker worker(products.engine());
  const auto time = [&](std::size_t in, std::size_t out) {
    tensor::Buffer x(tokens, in), y(tokens, tile);
    tensor::Buffer panel(1, products.panel_layout(in, tile).get_size() / sizeof(float));
    std::fill_n(x.data(), x.size(), 0.5f);
    std::fill_n(panel.data(), panel.size(), 0.25f);
    products.run(worker, x.view(), panel.data(), y.view());
    double least = 1e30;
    for (int i = 0; i < 20; ++i) {
      const double start = processor_seconds();
      products.run(worker, x.view(), panel.data(), y.view());
      least = std::min(least, processor_seconds() - start);
    }
    return least * static_cast<double>(out) / static_cast<double>(tile);
  };
  const std::size_t q = b.attention.query_size();
  return time(inputs, q + 2 * b.attention.key_value_size() + 2 * b.intermediate_size) +
         time(q, inputs) + time(b.intermediate_size, inputs);
}

void run_layers(benchmark::State& state, const std::filesystem::path& path) {
  const auto& shape = support::llama_2_70b;
  const auto tokens = static_cast<std::size_t>(state.range(0));
  const auto layers = static_cast<std::size_t>(state.range(1));
  const auto& b = shape.block;
  support::AnonymousMemory memory;
  Backend backend(0, std::size_t{12} << 30);
  const models::CausalLm<Backend> model(path, backend);
  const auto batch = tensor::single_sequence(tokens);
  const auto pass = [&](auto& x) { run(Plan(Sequence{layers}), model.layers(), x); };
  const auto beginning = [&] { return model.embed(std::vector<text::TokenId>(tokens), batch); };
  if (state.range(2) != 0) {
    auto x = beginning();
    pass(x);
  }
  double seconds = 0, processor = 0;
  for (auto _ : state) {
    auto x = beginning();
    const double before = processor_seconds();
    const auto start = std::chrono::steady_clock::now();
    pass(x);
    seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    processor += processor_seconds() - before;
  }
  state.counters["anonymous_MB"] = static_cast<double>(memory.peak()) / 1e6;
  const double count = static_cast<double>(layers) * static_cast<double>(state.iterations());
  const double inputs = static_cast<double>(b.hidden_size);
  const double weights =
      inputs * static_cast<double>(2 * b.attention.query_size() + 2 * b.attention.key_value_size() +
                                   3 * b.intermediate_size);
  state.counters["layer_s"] = seconds / count;
  state.counters["pass_s"] = seconds / count * static_cast<double>(shape.layers);
  state.counters["GF"] = 2 * weights * static_cast<double>(tokens) * count / seconds / 1e9;
  state.counters["products"] = product_seconds(shape, tokens) * count / processor;
}

void q4_0(benchmark::State& state) {
  const support::TemporaryFolder folder;
  support::SparseLlama(support::llama_2_70b, tensor::ElementType::q4_0, {0, 79})
      .write_gguf(folder.path() / "model.gguf");
  run_layers(state, folder.path() / "model.gguf");
}

void f16(benchmark::State& state) {
  const support::TemporaryFolder folder;
  support::SparseLlama(support::llama_2_70b, tensor::ElementType::f16, {0, 79})
      .write_shards(folder.path() / "model", 15);
  run_layers(state, folder.path() / "model");
}

void sizes(benchmark::internal::Benchmark* benchmark) {
  for (const int tokens : {64, 512})
    benchmark->Args({tokens, 4, 1})->Args({tokens, 4, 0})->Args({tokens, 80, 0});
  benchmark->Unit(benchmark::kSecond)->UseRealTime()->Iterations(1);
  benchmark->ArgNames({"tokens", "layers", "warm"});
}

BENCHMARK(q4_0)->Apply(sizes);
BENCHMARK(f16)->Apply(sizes);

}  // namespace
