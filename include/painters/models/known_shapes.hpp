// Shapes of well-known models, from the configurations that were published with them.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include <painters/error.hpp>
#include <painters/joined.hpp>
#include <painters/models/model_shape.hpp>

namespace painters::models {

namespace detail {

/// Llama: a gated feed-forward network, RMSNorm, no biases.
constexpr ModelShape llama_shape(std::size_t layers, std::size_t hidden_size,
                                 std::size_t intermediate, std::size_t heads,
                                 std::size_t key_value_heads, std::size_t head_dim,
                                 std::size_t vocab_size, Head head = Head::untied) {
  ModelShape shape{{.num_hidden_layers = layers,
                    .hidden_size = hidden_size,
                    .intermediate_size = intermediate,
                    .num_attention_heads = heads,
                    .num_key_value_heads = key_value_heads,
                    .head_dim = head_dim,
                    .vocab_size = vocab_size}};
  shape.head = head;
  return shape;
}

/// With the window of version 0.1, which is the paper's.
constexpr ModelShape mistral_shape(ModelShape shape, std::size_t sliding_window) {
  shape.sliding_window = sliding_window;
  return shape;
}

constexpr ModelShape qwen2_shape(ModelShape shape) {
  shape.attention_bias = true;
  return shape;
}

constexpr ModelShape qwen3_shape(ModelShape shape) {
  shape.qk_norm = true;
  return shape;
}

/// GPT-NeoX: LayerNorm, biases, feed-forward of four times the width.
constexpr ModelShape pythia_shape(std::size_t layers, std::size_t hidden_size, std::size_t heads,
                                  std::size_t vocab_size = 50304) {
  ModelShape shape = llama_shape(layers, hidden_size, 4 * hidden_size, heads, heads,
                                 hidden_size / heads, vocab_size);
  shape.gated = false;
  shape.attention_bias = shape.output_bias = shape.mlp_bias = shape.layer_norm = true;
  return shape;
}

/// BERT, uncased, with its pooler.
constexpr ModelShape bert_shape(std::size_t layers, std::size_t hidden_size, std::size_t heads) {
  ModelShape shape = pythia_shape(layers, hidden_size, heads, 30522);
  shape.max_position_embeddings = 512;
  shape.learned_positions = true;
  shape.type_vocab_size = 2;
  shape.is_causal = false;
  shape.head = Head::none;
  shape.pooler = true;
  return shape;
}

}  // namespace detail

/// A well-known model.
struct KnownShape {
  std::string_view name;  // the model's, in lower case
  ModelShape shape;       // as published
};

/// By family and size.
inline constexpr std::array known_shapes{
    KnownShape{"llama-2-7b", detail::llama_shape(32, 4096, 11008, 32, 32, 128, 32000)},
    KnownShape{"llama-2-13b", detail::llama_shape(40, 5120, 13824, 40, 40, 128, 32000)},
    KnownShape{"llama-2-70b", detail::llama_shape(80, 8192, 28672, 64, 8, 128, 32000)},
    KnownShape{"llama-3-8b", detail::llama_shape(32, 4096, 14336, 32, 8, 128, 128256)},
    KnownShape{"llama-3-70b", detail::llama_shape(80, 8192, 28672, 64, 8, 128, 128256)},
    KnownShape{"llama-3.2-1b", detail::llama_shape(16, 2048, 8192, 32, 8, 64, 128256, Head::tied)},
    KnownShape{"llama-3.2-3b", detail::llama_shape(28, 3072, 8192, 24, 8, 128, 128256, Head::tied)},
    KnownShape{"tinyllama-1.1b", detail::llama_shape(22, 2048, 5632, 32, 4, 64, 32000)},
    KnownShape{"smollm2-135m", detail::llama_shape(30, 576, 1536, 9, 3, 64, 49152, Head::tied)},
    KnownShape{"smollm2-360m", detail::llama_shape(32, 960, 2560, 15, 5, 64, 49152, Head::tied)},
    KnownShape{"smollm2-1.7b", detail::llama_shape(24, 2048, 8192, 32, 32, 64, 49152, Head::tied)},
    KnownShape{"mistral-7b", detail::mistral_shape(
                                 detail::llama_shape(32, 4096, 14336, 32, 8, 128, 32000), 4096)},
    KnownShape{"qwen2-0.5b", detail::qwen2_shape(detail::llama_shape(24, 896, 4864, 14, 2, 64,
                                                                     151936, Head::tied))},
    KnownShape{"qwen2-1.5b", detail::qwen2_shape(detail::llama_shape(28, 1536, 8960, 12, 2, 128,
                                                                     151936, Head::tied))},
    KnownShape{"qwen2-7b",
               detail::qwen2_shape(detail::llama_shape(28, 3584, 18944, 28, 4, 128, 152064))},
    KnownShape{"qwen2-72b",
               detail::qwen2_shape(detail::llama_shape(80, 8192, 29568, 64, 8, 128, 152064))},
    KnownShape{"qwen2.5-0.5b", detail::qwen2_shape(detail::llama_shape(24, 896, 4864, 14, 2, 64,
                                                                       151936, Head::tied))},
    KnownShape{"qwen2.5-1.5b", detail::qwen2_shape(detail::llama_shape(28, 1536, 8960, 12, 2, 128,
                                                                       151936, Head::tied))},
    KnownShape{"qwen2.5-3b", detail::qwen2_shape(detail::llama_shape(36, 2048, 11008, 16, 2, 128,
                                                                     151936, Head::tied))},
    KnownShape{"qwen2.5-7b",
               detail::qwen2_shape(detail::llama_shape(28, 3584, 18944, 28, 4, 128, 152064))},
    KnownShape{"qwen2.5-14b",
               detail::qwen2_shape(detail::llama_shape(48, 5120, 13824, 40, 8, 128, 152064))},
    KnownShape{"qwen2.5-32b",
               detail::qwen2_shape(detail::llama_shape(64, 5120, 27648, 40, 8, 128, 152064))},
    KnownShape{"qwen2.5-72b",
               detail::qwen2_shape(detail::llama_shape(80, 8192, 29568, 64, 8, 128, 152064))},
    KnownShape{"qwen3-0.6b", detail::qwen3_shape(detail::llama_shape(28, 1024, 3072, 16, 8, 128,
                                                                     151936, Head::tied))},
    KnownShape{"qwen3-1.7b", detail::qwen3_shape(detail::llama_shape(28, 2048, 6144, 16, 8, 128,
                                                                     151936, Head::tied))},
    KnownShape{"qwen3-4b", detail::qwen3_shape(detail::llama_shape(36, 2560, 9728, 32, 8, 128,
                                                                   151936, Head::tied))},
    KnownShape{"qwen3-8b",
               detail::qwen3_shape(detail::llama_shape(36, 4096, 12288, 32, 8, 128, 151936))},
    KnownShape{"qwen3-14b",
               detail::qwen3_shape(detail::llama_shape(40, 5120, 17408, 40, 8, 128, 151936))},
    KnownShape{"qwen3-32b",
               detail::qwen3_shape(detail::llama_shape(64, 5120, 25600, 64, 8, 128, 151936))},
    KnownShape{"pythia-14m", detail::pythia_shape(6, 128, 4)},
    KnownShape{"pythia-31m", detail::pythia_shape(6, 256, 8)},
    KnownShape{"pythia-70m", detail::pythia_shape(6, 512, 8)},
    KnownShape{"pythia-160m", detail::pythia_shape(12, 768, 12)},
    KnownShape{"pythia-410m", detail::pythia_shape(24, 1024, 16)},
    KnownShape{"pythia-1b", detail::pythia_shape(16, 2048, 8)},
    KnownShape{"pythia-1.4b", detail::pythia_shape(24, 2048, 16)},
    KnownShape{"pythia-2.8b", detail::pythia_shape(32, 2560, 32)},
    KnownShape{"pythia-6.9b", detail::pythia_shape(32, 4096, 32, 50432)},
    KnownShape{"pythia-12b", detail::pythia_shape(36, 5120, 40, 50688)},
    KnownShape{"bert-tiny", detail::bert_shape(2, 128, 2)},
    KnownShape{"bert-base", detail::bert_shape(12, 768, 12)},
    KnownShape{"bert-large", detail::bert_shape(24, 1024, 16)},
};

/// The names of all of them, for messages and help.
inline std::string known_shape_names() {
  return joined(known_shapes, ", ", [](const KnownShape& known) { return known.name; });
}

/// Throws UsageError for a name that is none of them.
inline const ModelShape& known_shape(std::string_view name) {
  for (const KnownShape& known : known_shapes)
    if (known.name == name) return known.shape;
  throw UsageError("expected the name of a model's shape, found \"" + std::string(name) +
                   "\": choose one of " + known_shape_names());
}

}  // namespace painters::models
