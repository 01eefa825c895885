#include <painters/models/flops.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "support/catch.hpp"

#include <painters/error.hpp>
#include <painters/models/known_shapes.hpp>
#include <painters/models/model_shape.hpp>
#include <painters/plan/node.hpp>

using namespace painters;
using models::flops;
using models::head_flops;
using models::known_shape;
using models::ModelShape;
using models::Workload;

namespace {

/// Multiply-adds of a layer, counted one product and one text after another.
std::uint64_t multiply_adds(const ModelShape& shape, std::size_t tokens, std::size_t length,
                            bool attention_part, bool ffn_part) {
  const std::size_t h = shape.hidden_size, inner = shape.intermediate_size;
  std::uint64_t count = 0;
  for (std::size_t token = 0; token < tokens; ++token) {
    const std::size_t position = token % length;
    const std::size_t text_end = std::min(tokens, (token / length + 1) * length);
    std::size_t seen = position + 1;
    if (!shape.is_causal) seen = text_end - token / length * length;
    if (shape.sliding_window > 0 && seen > shape.sliding_window) seen = shape.sliding_window;
    if (attention_part) {
      count += h * shape.num_attention_heads * shape.head_dim;         // queries
      count += 2 * h * shape.num_key_value_heads * shape.head_dim;     // keys and values
      count += 2 * seen * shape.num_attention_heads * shape.head_dim;  // scores, values
      count += shape.num_attention_heads * shape.head_dim * h;         // output
    }
    if (ffn_part) count += (shape.gated ? 3 : 2) * h * inner;
  }
  return count;
}

}  // namespace

TEST_CASE("a call costs twice its multiply-adds", "[models][flops]") {
  ModelShape shape{{.num_hidden_layers = 5,
                    .hidden_size = 24,
                    .intermediate_size = 36,
                    .num_attention_heads = 6,
                    .num_key_value_heads = 3,
                    .head_dim = 10,
                    .vocab_size = 70,
                    .max_position_embeddings = 100}};
  for (const bool causal : {true, false})
    for (const bool gated : {true, false})
      for (const std::size_t window : {0, 1, 4, 100})
        for (const Workload& work : {Workload{1, 1}, {40, 8}, {43, 8}, {7, 20}, {16, 4}}) {
          if (!causal && window > 0) continue;
          shape.is_causal = causal;
          shape.gated = gated;
          shape.sliding_window = window;
          CAPTURE(causal, gated, window, work.tokens, work.tokens_per_text);
          const auto counted = [&](bool attention_part, bool ffn_part) {
            return 2.0 * static_cast<double>(multiply_adds(shape, work.tokens, work.tokens_per_text,
                                                           attention_part, ffn_part));
          };
          CHECK(flops(shape, work) == counted(true, true));
          CHECK(flops(shape, work, layers::attention) == counted(true, false));
          CHECK(flops(shape, work, layers::ffn) == counted(false, true));
        }
}

TEST_CASE("a layer of Llama-2-7B costs what its matrices say", "[models][flops]") {
  // Four projections of 4096 x 4096 and three of 4096 x 11008; 128 tokens see 64.5 on average.
  const double token = 2 * (4 * 4096.0 * 4096 + 3 * 4096.0 * 11008) + 2 * 2 * 64.5 * 4096;
  CHECK(flops(known_shape("llama-2-7b"), {1024, 128}) == 1024 * token);
  CHECK(head_flops(known_shape("llama-2-7b")) == 2 * 4096.0 * 32000);
}

TEST_CASE("models cost as many FLOPs as others count for them", "[models][flops]") {
  const auto token_cost = [](const char* name) {
    const ModelShape& shape = known_shape(name);
    return static_cast<double>(shape.num_hidden_layers) * flops(shape, {512, 512}) / 512;
  };
  // FLOPs for each of 512 tokens, counted independently to 0.5 % when other programs were measured.
  CHECK(token_cost("smollm2-135m") == Approx(0.231e9).epsilon(0.005));
  CHECK(token_cost("tinyllama-1.1b") == Approx(1.98e9).epsilon(0.005));
  // A pooler works once for each text, a tied head once for each token.
  CHECK(head_flops(known_shape("smollm2-135m")) == 2 * 576.0 * 49152);
  ModelShape bert = known_shape("bert-large");
  CHECK(head_flops(bert) == 2 * 1024.0 * 1024);
  bert.num_labels = 3;
  CHECK(head_flops(bert) == 2 * 1024.0 * (1024 + 3));
  // Masked tokens: a dense layer, then the vocabulary, for each token.
  bert.head = models::Head::tied;
  bert.transforms_head = true;
  CHECK(head_flops(bert) == 2 * 1024.0 * (1024 + 30522));
  bert.head = models::Head::none;
  bert.pooler = false;
  CHECK(head_flops(bert) == 0);
}

TEST_CASE("texts without tokens are refused", "[models][flops]") {
  CHECK_THROWS_AS(models::flops(models::ModelShape{}, {.tokens = 5, .tokens_per_text = 0}),
                  UsageError);
}
