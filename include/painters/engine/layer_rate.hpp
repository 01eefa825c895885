// How fast layers of some shape run on this machine, which planning needs before there is a model:
// a short measurement of the backend's own products and attention on random numbers.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include <painters/backend/attention.hpp>
#include <painters/backend/concept.hpp>
#include <painters/layers/parts.hpp>
#include <painters/models/flops.hpp>
#include <painters/models/model_shape.hpp>
#include <painters/plan/node.hpp>
#include <painters/tensor/buffer.hpp>
#include <painters/tensor/element_type.hpp>
#include <painters/tensor/matrix.hpp>
#include <painters/tensor/packed_batch.hpp>

namespace painters::engine {

/// What layer calls cost.
struct LayerRate {
  double attention = 0;             // FLOP/s of layers::attention
  double ffn = 0;                   // FLOP/s of layers::ffn
  double seconds_to_open = 0;       // for each weight, to read it and make it ready for products
  std::size_t tokens_per_pass = 1;  // each pass of a call opens its weights anew

  /// Seconds that products and attention take in a call of a layer or a part.
  double computing(const models::ModelShape& shape, const models::Workload& work,
                   Part part = whole) const {
    double sum = 0;
    if (part != layers::ffn) sum += flops(shape, work, layers::attention) / attention;
    if (part != layers::attention) sum += flops(shape, work, layers::ffn) / ffn;
    return sum;
  }
  /// Seconds that making the weights ready takes in a call, over all passes.
  double opening(const models::ModelShape& shape, const models::Workload& work,
                 Part part = whole) const {
    const std::size_t most = std::max<std::size_t>(tokens_per_pass, 1);
    const std::size_t passes = work.tokens / most + (work.tokens % most != 0);
    return static_cast<double>(passes * models::matrix_parameters(shape, part)) * seconds_to_open;
  }
  /// Seconds of a call: computing() and opening().
  double seconds(const models::ModelShape& shape, const models::Workload& work,
                 Part part = whole) const {
    return computing(shape, work, part) + opening(shape, work, part);
  }
};

namespace detail {

/// Seconds of f: the median of some runs after a first one, or that one if it is long.
template <class F>
double typical_seconds(const F& f) {
  constexpr double long_run = 0.2;
  const auto timed = [&] {
    const auto start = std::chrono::steady_clock::now();
    f();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  const double first = timed();
  if (first > long_run) return first;
  std::array<double, 3> runs;
  for (double& run : runs) run = timed();
  std::sort(runs.begin(), runs.end());
  return runs[1];
}

/// Numbers that look random, the same each time.
class Noise {
 public:
  std::uint32_t next() { return state_ = state_ * 1664525u + 1013904223u; }
  /// Between -1 and 1.
  void fill(tensor::Matrix x) {
    for (std::size_t r = 0; r < x.rows; ++r)
      std::generate_n(x.row(r), x.cols, [&] {
        return static_cast<float>(static_cast<std::int32_t>(next())) / 2147483648.0f;
      });
  }
  /// An F16 number of magnitude 1/64 to 1/32.
  std::uint16_t half() { return static_cast<std::uint16_t>((next() >> 16 & 0x83ffu) | 0x2400u); }

 private:
  std::uint32_t state_ = 1;
};

/// Measures products and attention of a backend.
template <backend::Backend B>
class LayerTimer {
 public:
  LayerTimer(B& backend, std::size_t tokens) : backend_(backend), tokens_(tokens) {}

  /// Seconds for each FLOP of a product of in x out, not counting what its weights take. A wide one
  /// is measured with fewer outputs, though still more than caches hold.
  double product(std::size_t in, std::size_t out) {
    constexpr std::size_t most_weights = std::size_t{1} << 23;
    if (in * out > most_weights) out = std::max<std::size_t>(most_weights / in / 64, 1) * 64;
    const auto [known, is_new] = products_.try_emplace({in, out});
    if (is_new) known->second = measure_product(in, out);
    return known->second;
  }

  /// Seconds for each FLOP of attention, of texts as long as the work's but at most 512 tokens.
  double attention(const models::ModelShape& shape, const models::Workload& work) {
    constexpr double enough_flops = 4e8;
    const std::size_t length = std::min({work.tokens_per_text, tokens_, std::size_t{512}});
    const models::Workload texts{std::max<std::size_t>(tokens_ / length, 1) * length, length};
    const double flops = pair_flops(shape, attention_pairs(shape, texts));
    const std::size_t group = shape.num_attention_heads / shape.num_key_value_heads;
    const std::size_t heads = std::clamp<std::size_t>(
        static_cast<std::size_t>(static_cast<double>(shape.num_key_value_heads) * enough_flops /
                                 flops),
        1, shape.num_key_value_heads);
    const backend::AttentionShape part{heads * group, heads, shape.head_dim, shape.is_causal,
                                       shape.sliding_window};
    tensor::PackedBatch batch;
    for (std::size_t row = 0; row < texts.tokens; row += length) batch.add(length);
    const auto ready = backend_.batch(batch);
    const auto q = noise(texts.tokens, part.query_size());
    const auto k = noise(texts.tokens, part.key_value_size());
    const auto v = noise(texts.tokens, part.key_value_size());
    auto y = backend_.buffer(texts.tokens, part.query_size());
    const double seconds = typical_seconds([&] {
      backend_.attention(q.view(), k.view(), v.view(), ready, batch.all_rows(), part, y.view());
      backend_.synchronise();
    });
    return seconds /
           (flops * static_cast<double>(heads) / static_cast<double>(shape.num_key_value_heads));
  }

  /// Seconds to make a weight ready, averaged over the products measured.
  double seconds_to_open() const { return open_seconds_ / opened_; }

 private:
  /// The time for one row is what the weights take: they are read, and converted to f32 unless the
  /// backend keeps them so, whether in opening or in multiplying.
  double measure_product(std::size_t in, std::size_t out) {
    std::vector<std::uint16_t> halves(in * out);
    std::generate(halves.begin(), halves.end(), [&] { return noise_.half(); });
    const auto packed = backend_.pack(
        {{tensor::ElementType::f16, reinterpret_cast<const std::byte*>(halves.data()), out, in}});
    const auto run = [&](std::size_t rows) {
      const auto x = noise(rows, in);
      auto y = backend_.buffer(rows, out);
      return typical_seconds([&] {
        const auto weight = backend_.open(packed);
        backend_.for_row_blocks(rows, {&weight},
                                [&](std::size_t first, std::size_t count, typename B::Lane& lane) {
                                  lane.product(x.view().middle_rows(first, count), weight,
                                               y.view().middle_rows(first, count));
                                });
        backend_.synchronise();
      });
    };
    const auto weights = static_cast<double>(in * out);
    const double one = run(1);
    open_seconds_ += one;
    opened_ += weights;
    // As many rows as take a twentieth of a second, judging by a few.
    constexpr double enough_seconds = 0.05;
    constexpr double few = 32;
    const double most =
        std::max(few, static_cast<double>(std::min(tokens_, (std::size_t{1} << 25) / (in + out))));
    const double rows = std::floor(
        std::clamp(few * enough_seconds / run(static_cast<std::size_t>(few)), few, most));
    // Noise may hide all of the difference where the work is next to nothing.
    const double all = std::max(run(static_cast<std::size_t>(rows)), one * 1.01);
    return (all - one) / (2 * weights * (rows - 1));
  }

  /// A rows x cols buffer of noise.
  typename B::Buffer noise(std::size_t rows, std::size_t cols) {
    tensor::Buffer host(rows, cols);
    noise_.fill(host.view());
    auto values = backend_.buffer(rows, cols);
    backend_.upload(std::as_const(host).view(), values.view());
    return values;
  }

  B& backend_;
  std::size_t tokens_;
  Noise noise_;
  std::map<std::pair<std::size_t, std::size_t>, double> products_;
  double open_seconds_ = 0;
  double opened_ = 0;  // weights
};

}  // namespace detail

/// Measures for about a second: the shape's products on F16 weights in memory, of one row and of
/// many, and its attention. Normalisations and activations are left out.
template <backend::Backend B>
LayerRate measure_layer_rate(B& backend, const models::ModelShape& shape,
                             const models::Workload& work, std::size_t tokens_per_pass) {
  detail::LayerTimer<B> timer(backend, std::min({work.tokens, tokens_per_pass, std::size_t{1024}}));
  const auto product_seconds = [&](std::size_t in, std::size_t out) {
    return timer.product(in, out) * 2 * static_cast<double>(in) * static_cast<double>(out) *
           static_cast<double>(work.tokens);
  };
  const std::size_t inner = shape.intermediate_size;
  const double attention =
      product_seconds(shape.hidden_size, shape.query_size() + 2 * shape.key_value_size()) +
      product_seconds(shape.query_size(), shape.hidden_size) +
      timer.attention(shape, work) * pair_flops(shape, attention_pairs(shape, work));
  const double ffn = product_seconds(shape.hidden_size, shape.gated ? 2 * inner : inner) +
                     product_seconds(inner, shape.hidden_size);
  return {.attention = flops(shape, work, layers::attention) / attention,
          .ffn = flops(shape, work, layers::ffn) / ffn,
          .seconds_to_open = timer.seconds_to_open(),
          .tokens_per_pass = tokens_per_pass};
}

}  // namespace painters::engine
