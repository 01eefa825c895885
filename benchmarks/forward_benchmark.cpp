// How fast does a prompt run? The default model over one text of 512 and of 2048 tokens and over 24
// packed texts of about 85, and two layers of TinyLlama's width with random weights over 512
// tokens.
//
//   tokens      tokens a second
//   GF          10^9 operations a second of all matrix products, the causal half of attention's
//               included; head and, after its keys and values, the last layer at the last position
//               of each text only
//   of_peak     GF as a fraction of the machine's peak of f32 multiply-adds
//   of_oneDNN   GF as a fraction of the rate of oneDNN's products alone on these shapes
//
// All in one run, on all cores (OMP_NUM_THREADS sets fewer). The default model must have been
// fetched.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <memory>
#include <random>
#include <utility>
#include <vector>

#include <painters/backend/onednn.hpp>
#include <painters/engine/scorer.hpp>
#include <painters/models/causal_lm.hpp>
#include <painters/pipeline/executor.hpp>
#include <painters/plan/sequence.hpp>

#include "../examples/support/default_model.hpp"
#include "support/limits.hpp"

namespace {

using namespace painters;
using Backend = backend::OneDnn;
using State = layers::HiddenStates<Backend>;

/// What a pass computes: all rows, but after the last layer's attention only the last one of each
/// text, where the next token is asked for.
struct Work {
  std::vector<benchmarks::ProductShape> products;
  double attention_flops = 0;  // queries times keys and weights times values that see each other
};

Work work(const models::CausalLmConfig& c, const tensor::PackedBatch& batch,
          std::size_t whole_layers, std::size_t last_layers) {
  const std::size_t rows = batch.rows(), texts = batch.segments().size();
  const std::size_t q = c.num_attention_heads * c.head_dim, kv = c.num_key_value_heads * c.head_dim;
  Work work;
  work.products = {{rows, c.hidden_size, q + 2 * kv, whole_layers + last_layers},
                   {rows, q, c.hidden_size, whole_layers},
                   {rows, c.hidden_size, 2 * c.intermediate_size, whole_layers},
                   {rows, c.intermediate_size, c.hidden_size, whole_layers}};
  if (last_layers > 0) {
    work.products.push_back({texts, q, c.hidden_size, last_layers});
    work.products.push_back({texts, c.hidden_size, 2 * c.intermediate_size, last_layers});
    work.products.push_back({texts, c.intermediate_size, c.hidden_size, last_layers});
    work.products.push_back({texts, c.hidden_size, c.vocab_size, 1});
  }
  double pairs = 0;
  for (const tensor::Segment& s : batch.segments()) {
    const auto length = static_cast<double>(s.length);
    pairs += static_cast<double>(whole_layers) * length * (length + 1) / 2 +
             static_cast<double>(last_layers) * length;
  }
  work.attention_flops = 4 * pairs * static_cast<double>(q);
  return work;
}

void report(benchmark::State& state, const Work& work, std::size_t tokens, double seconds) {
  double flops = work.attention_flops;
  for (const auto& shape : work.products) flops += shape.flops();
  const double alone = benchmarks::product_flops(work.products);
  const double rate = flops / seconds;
  state.counters["tokens"] = static_cast<double>(tokens) / seconds;
  state.counters["GF"] = rate / 1e9;
  state.counters["of_peak"] = rate / benchmarks::peak_flops();
  state.counters["of_oneDNN"] = rate / alone;
}

/// Runs f until the benchmark has seen enough and returns the seconds a run takes.
template <class F>
double timed(benchmark::State& state, const F& f) {
  f();  // converts weights to f32, makes primitives
  const auto start = std::chrono::steady_clock::now();
  for (auto _ : state) f();
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
  return time.count() / static_cast<double>(state.iterations());
}

tensor::PackedBatch texts(std::size_t count, std::size_t least, std::size_t most) {
  tensor::PackedBatch batch;
  for (std::size_t i = 0; i < count; ++i)
    batch.add(count > 1 ? least + (most - least) * i / (count - 1) : least);
  return batch;
}

/// As scoring runs it: a request for the token after each text.
void default_model(benchmark::State& state, const tensor::PackedBatch& batch) {
  Backend backend;
  const models::CausalLm<Backend> model(examples::require_default_model(), backend);
  std::vector<engine::TokenRequest> requests;
  text::TokenId token = 100;
  for (const tensor::Segment& segment : batch.segments()) {
    engine::TokenRequest& request = requests.emplace_back();
    for (std::size_t i = 0; i < segment.length; ++i)
      request.context.push_back(token = (token * 75 + 74) % 40009);
    request.continuation = {token};
  }
  const engine::Scorer scorer(model);
  const Plan plan(Sequence{model.layers().size()});
  const double seconds = timed(state, [&] { scorer.score(plan, requests); });
  report(state, work(model.config(), batch, model.layers().size() - 1, 1), batch.rows(), seconds);
}

void one_text_of_512(benchmark::State& state) { default_model(state, texts(1, 512, 512)); }
void one_text_of_2048(benchmark::State& state) { default_model(state, texts(1, 2048, 2048)); }
void texts_of_about_85(benchmark::State& state) { default_model(state, texts(24, 70, 100)); }

/// Layers with random weights in memory of their own.
struct RandomLayers {
  RandomLayers(const models::CausalLmConfig& c, std::size_t count, Backend& backend) {
    const auto rotary = std::make_shared<const layers::RotaryTable<Backend>>(
        layers::rotary_frequencies(c.head_dim, 10000));
    const backend::AttentionShape shape{c.num_attention_heads, c.num_key_value_heads, c.head_dim};
    const layers::Norm<Backend> norm{backend.vector(std::vector<float>(c.hidden_size, 1.0f)),
                                     1e-5f};
    std::vector<layers::TransformerBlock<Backend>> blocks;
    for (std::size_t i = 0; i < count; ++i)
      blocks.emplace_back(layers::Arrangement::pre_norm, norm,
                          layers::Attention<Backend>{
                              {backend.pack({weight(shape.query_size() + 2 * shape.key_value_size(),
                                                    c.hidden_size)})},
                              {backend.pack({weight(c.hidden_size, shape.query_size())})},
                              shape,
                              rotary},
                          norm,
                          layers::FeedForward<Backend>{
                              {backend.pack({weight(2 * c.intermediate_size, c.hidden_size)})},
                              {backend.pack({weight(c.hidden_size, c.intermediate_size)})},
                              c.intermediate_size});
    net = std::make_unique<Stack<layers::TransformerBlock<Backend>>>(stack(std::move(blocks)));
  }

  tensor::Weight weight(std::size_t rows, std::size_t cols) {
    std::normal_distribution<float> normal(0, 1 / std::sqrt(static_cast<float>(cols)));
    memory.emplace_back(rows, cols);
    for (std::size_t i = 0; i < rows * cols; ++i) memory.back().data()[i] = normal(random);
    return {tensor::ElementType::f32, reinterpret_cast<const std::byte*>(memory.back().data()),
            rows, cols};
  }

  std::mt19937 random{1};
  std::vector<tensor::Buffer> memory;
  std::unique_ptr<Stack<layers::TransformerBlock<Backend>>> net;
};

void width_of_tinyllama(benchmark::State& state) {
  models::CausalLmConfig config;
  config.num_hidden_layers = 2;
  config.hidden_size = 2048;
  config.intermediate_size = 5632;
  config.num_attention_heads = 32;
  config.num_key_value_heads = 4;
  config.head_dim = 64;
  Backend backend(std::size_t{1} << 30);
  const RandomLayers layers(config, config.num_hidden_layers, backend);
  const tensor::PackedBatch batch = texts(1, 512, 512);
  State x(backend, batch, config.hidden_size);
  const auto forward = [&] {
    std::fill_n(x.values().data, x.values().rows * x.values().cols, 0.5f);
    run(Plan(Sequence{config.num_hidden_layers}), *layers.net, x);
  };
  report(state, work(config, batch, config.num_hidden_layers, 0), batch.rows(),
         timed(state, forward));
}

BENCHMARK(one_text_of_512)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(one_text_of_2048)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(texts_of_about_85)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(width_of_tinyllama)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
