// How fast does a prompt run? The default model over one text of 512 and of 2048 tokens and over 24
// packed texts of about 85, and two layers of TinyLlama's width with random weights over 512
// tokens.
//
//   tokens      tokens a second
//   GF          10^9 operations a second of all matrix products, the causal half of attention's
//               included, the head's at the last position of each text only
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
#include <painters/error.hpp>
#include <painters/models/llama.hpp>
#include <painters/pipeline/executor.hpp>
#include <painters/plan/sequence.hpp>

#include "../examples/cli/default_model.hpp"
#include "support/limits.hpp"

namespace {

using namespace painters;
using Backend = backend::OneDnn;
using State = layers::HiddenStates<Backend>;

/// The products of `layers` layers and the head, over all rows.
std::vector<benchmarks::ProductShape> products(const models::LlamaConfig& c, std::size_t rows,
                                               std::size_t texts, std::size_t layers) {
  const std::size_t q = c.num_attention_heads * c.head_dim, kv = c.num_key_value_heads * c.head_dim;
  return {{rows, c.hidden_size, q + 2 * kv, layers},
          {rows, q, c.hidden_size, layers},
          {rows, c.hidden_size, 2 * c.intermediate_size, layers},
          {rows, c.intermediate_size, c.hidden_size, layers},
          {texts, c.hidden_size, c.vocab_size, c.vocab_size > 0 ? std::size_t{1} : std::size_t{0}}};
}

/// Queries times keys and weights times values, of the pairs that see each other.
double attention_flops(const models::LlamaConfig& c, const tensor::PackedBatch& batch,
                       std::size_t layers) {
  double pairs = 0;
  for (const tensor::Segment& s : batch.segments())
    pairs += static_cast<double>(s.length) * static_cast<double>(s.length + 1) / 2;
  return 4 * pairs * static_cast<double>(c.num_attention_heads * c.head_dim * layers);
}

void report(benchmark::State& state, const models::LlamaConfig& c, const tensor::PackedBatch& batch,
            std::size_t layers, double seconds) {
  auto shapes = products(c, batch.rows(), batch.segments().size(), layers);
  if (c.vocab_size == 0) shapes.pop_back();
  double flops = attention_flops(c, batch, layers);
  for (const auto& shape : shapes) flops += shape.flops();
  const double alone = benchmarks::product_flops(shapes);
  const double rate = flops / seconds;
  state.counters["tokens"] = static_cast<double>(batch.rows()) / seconds;
  state.counters["GF"] = rate / 1e9;
  state.counters["of_peak"] = rate / benchmarks::peak_flops();
  state.counters["of_oneDNN"] = rate / alone;
}

/// Runs f until the benchmark has seen enough; seconds a run.
template <class F>
double timed(benchmark::State& state, const F& f) {
  f();  // weights to f32, primitives
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

void default_model(benchmark::State& state, const tensor::PackedBatch& batch) {
  Backend backend;
  const models::Llama<Backend> model(cli::require_default_model(), backend);
  std::vector<text::TokenId> tokens(batch.rows());
  for (std::size_t i = 0; i < tokens.size(); ++i)
    tokens[i] = static_cast<text::TokenId>(100 + i * 7919 % 40000);
  std::vector<backend::TokenLikelihood> targets(batch.segments().size());
  const Plan plan(Sequence{model.layers().size()});
  const auto forward = [&] {
    State x = model.embed(tokens, batch);
    run(plan, model.layers(), x);
    tensor::Buffer last(targets.size(), x.values().cols);
    for (std::size_t s = 0; s < targets.size(); ++s) {
      const tensor::Segment& segment = batch.segments()[s];
      std::copy_n(x.values().row(segment.first_row + segment.length - 1), last.cols(),
                  last.view().row(s));
    }
    model.head().token_likelihoods(backend, last.view(), targets);
  };
  report(state, model.config(), batch, model.layers().size(), timed(state, forward));
}

void one_text_of_512(benchmark::State& state) { default_model(state, texts(1, 512, 512)); }
void one_text_of_2048(benchmark::State& state) { default_model(state, texts(1, 2048, 2048)); }
void texts_of_about_85(benchmark::State& state) { default_model(state, texts(24, 70, 100)); }

/// A layer with weights of its own memory.
struct RandomLayers {
  RandomLayers(const models::LlamaConfig& c, std::size_t count, Backend& backend) {
    const auto rotary = std::make_shared<const layers::RotaryTable>(c.head_dim, c.rope_theta);
    const backend::AttentionShape shape{c.num_attention_heads, c.num_key_value_heads, c.head_dim};
    const layers::RmsNorm norm{std::vector<float>(c.hidden_size, 1.0f), 1e-5f};
    std::vector<layers::TransformerBlock<Backend>> blocks;
    for (std::size_t i = 0; i < count; ++i)
      blocks.emplace_back(
          layers::Attention<Backend>{
              norm,
              backend.pack(
                  {weight(shape.query_size() + 2 * shape.key_value_size(), c.hidden_size)}),
              backend.pack({weight(c.hidden_size, shape.query_size())}), shape, rotary},
          layers::SwiGlu<Backend>{
              norm, backend.pack({weight(2 * c.intermediate_size, c.hidden_size)}),
              backend.pack({weight(c.hidden_size, c.intermediate_size)}), c.intermediate_size});
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
  const models::LlamaConfig config{.num_hidden_layers = 2,
                                   .hidden_size = 2048,
                                   .intermediate_size = 5632,
                                   .num_attention_heads = 32,
                                   .num_key_value_heads = 4,
                                   .head_dim = 64};
  Backend backend(std::size_t{1} << 30);
  const RandomLayers layers(config, config.num_hidden_layers, backend);
  const tensor::PackedBatch batch = texts(1, 512, 512);
  State x(backend, batch, config.hidden_size);
  const auto forward = [&] {
    std::fill_n(x.values().data, x.values().rows * x.values().cols, 0.5f);
    run(Plan(Sequence{config.num_hidden_layers}), *layers.net, x);
  };
  report(state, config, batch, config.num_hidden_layers, timed(state, forward));
}

BENCHMARK(one_text_of_512)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(one_text_of_2048)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(texts_of_about_85)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(width_of_tinyllama)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
