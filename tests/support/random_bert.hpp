// A small BERT of random weights: as GGUF, as a Hugging Face folder, and in double precision.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <painters/backend/activation.hpp>
#include <painters/models/bert_file.hpp>
#include <painters/plan/node.hpp>
#include <painters/tensor/packed_batch.hpp>
#include <painters/text/token.hpp>

#include "pipeline/toys.hpp"
#include "support/doubles.hpp"
#include "support/random.hpp"
#include "support/random_causal_lm.hpp"

namespace support {

struct BertShape {
  std::size_t hidden_size = 24, intermediate_size = 40, heads = 3, layers = 3;
  std::size_t vocab_size = 30, token_types = 2, positions = 16;
  painters::models::BertHeadKind head = painters::models::BertHeadKind::classifier;
  std::size_t labels = 3;
  painters::backend::Activation activation = painters::backend::Activation::gelu;
  float eps = 1e-12f;
};

/// Weights are named as by Hugging Face, without "bert.".
class RandomBert {
 public:
  using Kind = painters::models::BertHeadKind;
  using Type = painters::tensor::ElementType;

  explicit RandomBert(const BertShape& shape, unsigned seed = 1, Type type = Type::f32)
      : shape_(shape), random_(seed), type_(type) {
    const std::size_t n = shape.hidden_size;
    matrix("embeddings.word_embeddings", shape.vocab_size, n, 1);
    matrix("embeddings.position_embeddings", shape.positions, n, 1);
    if (shape.token_types > 0) matrix("embeddings.token_type_embeddings", shape.token_types, n, 1);
    norm("embeddings.LayerNorm");
    for (std::size_t i = 0; i < shape.layers; ++i) {
      const std::string at = layer(i);
      for (const char* part : {"self.query", "self.key", "self.value", "output.dense"})
        linear(at + "attention." + part, n, n);
      norm(at + "attention.output.LayerNorm");
      linear(at + "intermediate.dense", shape.intermediate_size, n);
      linear(at + "output.dense", n, shape.intermediate_size);
      norm(at + "output.LayerNorm");
    }
    if (shape.head == Kind::pooler || shape.head == Kind::classifier) linear("pooler.dense", n, n);
    if (shape.head == Kind::classifier) linear("classifier", shape.labels, n);
    if (shape.head == Kind::masked_lm) {
      linear("cls.predictions.transform.dense", n, n);
      norm("cls.predictions.transform.LayerNorm");
      vectors_["cls.predictions.bias"] = random_.normals(shape.vocab_size);
    }
  }

  const BertShape& shape() const { return shape_; }

  GgufParts gguf() const {
    const auto number = [](std::size_t n) { return static_cast<std::uint32_t>(n); };
    GgufParts parts;
    parts.metadata = {{"general.architecture", std::string("bert")},
                      {"bert.block_count", number(shape_.layers)},
                      {"bert.embedding_length", number(shape_.hidden_size)},
                      {"bert.feed_forward_length", number(shape_.intermediate_size)},
                      {"bert.attention.head_count", number(shape_.heads)},
                      {"bert.context_length", number(shape_.positions)},
                      {"bert.attention.layer_norm_epsilon", shape_.eps},
                      {"bert.attention.causal", false},
                      {"bert.pooling_type", number(2)}};
    for (const auto& [name, w] : matrices_)
      parts.tensors[gguf_name(name) + ".weight"] = {
          {w.weight.rows, w.weight.cols}, *w.bytes, GgufWriter::number(w.weight.type)};
    for (const auto& [name, values] : vectors_)
      parts.tensors[gguf_name(name)] = {{values.size()}, bytes_of(values)};
    return parts;
  }

  /// `prefix` stands before the names of the encoder's tensors; quantised weights are written as
  /// F32.
  HuggingFaceParts hugging_face(const std::string& prefix = "bert.") const {
    HuggingFaceParts parts;
    parts.config = {{"model_type", "bert"},
                    {"num_hidden_layers", shape_.layers},
                    {"hidden_size", shape_.hidden_size},
                    {"intermediate_size", shape_.intermediate_size},
                    {"num_attention_heads", shape_.heads},
                    {"vocab_size", shape_.vocab_size},
                    {"type_vocab_size", shape_.token_types},
                    {"max_position_embeddings", shape_.positions},
                    {"layer_norm_eps", shape_.eps},
                    {"hidden_act", activation_name()},
                    {"num_labels", shape_.labels},
                    {"is_decoder", false},
                    {"position_embedding_type", "absolute"}};
    const auto full = [&](const std::string& name) {
      return name.starts_with("cl") ? name : prefix + name;  // classifier, cls.predictions
    };
    for (const auto& [name, w] : matrices_)
      parts.tensors[full(name) + ".weight"] = {
          {w.weight.rows, w.weight.cols},
          bytes_of({w.values.data(), w.values.data() + w.values.size()})};
    for (const auto& [name, values] : vectors_)
      parts.tensors[full(name)] = {{values.size()}, bytes_of(values)};
    return parts;
  }

  /// The states before the first layer.
  Doubles embed(std::span<const painters::text::TokenId> tokens, std::span<const int> types,
                const painters::tensor::PackedBatch& batch) const {
    Doubles x(tokens.size(), shape_.hidden_size);
    const auto at = [&](const char* table, int row, std::size_t c) {
      return static_cast<double>(
          matrices_.at(table).values.view()(static_cast<std::size_t>(row), c));
    };
    for (std::size_t r = 0; r < x.rows; ++r)
      for (std::size_t c = 0; c < x.cols; ++c) {
        x(r, c) = at("embeddings.word_embeddings", tokens[r], c) +
                  at("embeddings.position_embeddings", static_cast<int>(batch.positions()[r]), c);
        if (shape_.token_types > 0)
          x(r, c) += at("embeddings.token_type_embeddings", types.empty() ? 0 : types[r], c);
      }
    return normed("embeddings.LayerNorm", x);
  }
  /// The states after `plan`.
  Doubles run(painters::PlanView plan, Doubles x,
              const painters::tensor::PackedBatch& batch) const {
    const auto call = [&](std::uint32_t i, painters::Part part, const toys::Vector& values) {
      Doubles state = x;
      state.values = values;
      return call_layer(i, part, state, batch).values;
    };
    x.values = toys::meaning(plan, x.values, call);
    return x;
  }
  Doubles pooled(const Doubles& x, const painters::tensor::PackedBatch& batch) const {
    Doubles first(batch.segments().size(), x.cols);
    for (std::size_t s = 0; s < first.rows; ++s)
      for (std::size_t c = 0; c < x.cols; ++c) first(s, c) = x(batch.segments()[s].first_row, c);
    return activated(painters::backend::Activation::tanh, times("pooler.dense", first));
  }
  /// The logits of the head that the model has.
  Doubles logits(const Doubles& x, const painters::tensor::PackedBatch& batch) const {
    if (shape_.head == Kind::pooler) return pooled(x, batch);
    if (shape_.head == Kind::classifier) return times("classifier", pooled(x, batch));
    const Doubles inner =
        normed("cls.predictions.transform.LayerNorm",
               activated(shape_.activation, times("cls.predictions.transform.dense", x)));
    return add_bias(
        product(inner, Doubles(matrices_.at("embeddings.word_embeddings").values.view())),
        vectors_.at("cls.predictions.bias"));
  }

 private:
  static std::string layer(std::size_t i) { return "encoder.layer." + std::to_string(i) + "."; }
  static std::string bytes_of(const std::vector<float>& values) {
    return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
  }

  void matrix(const std::string& name, std::size_t rows, std::size_t cols, float deviation) {
    matrices_[name] = random_weight(type_, rows, cols, random_, 0, deviation);
  }
  void linear(const std::string& name, std::size_t rows, std::size_t cols) {
    matrix(name, rows, cols, 1.5f / std::sqrt(static_cast<float>(cols)));
    vectors_[name + ".bias"] = random_.normals(rows, 0.5f);
  }
  void norm(const std::string& name) {
    vectors_[name + ".weight"] = random_.normals(shape_.hidden_size);
    vectors_[name + ".bias"] = random_.normals(shape_.hidden_size, 0.5f);
  }

  std::string activation_name() const {
    using painters::backend::Activation;
    return shape_.activation == Activation::gelu        ? "gelu"
           : shape_.activation == Activation::gelu_tanh ? "gelu_new"
                                                        : "relu";
  }

  /// The file that the converter of llama.cpp would write.
  static std::string gguf_name(std::string name) {
    const auto replace = [&](std::string_view from, std::string_view to) {
      const std::size_t at = name.find(from);
      if (at != std::string::npos) name.replace(at, from.size(), to);
    };
    replace("embeddings.word_embeddings", "token_embd");
    replace("embeddings.position_embeddings", "position_embd");
    replace("embeddings.token_type_embeddings", "token_types");
    replace("embeddings.LayerNorm", "token_embd_norm");
    replace("encoder.layer.", "blk.");
    replace("attention.self.query", "attn_q");
    replace("attention.self.key", "attn_k");
    replace("attention.self.value", "attn_v");
    replace("attention.output.dense", "attn_output");
    replace("attention.output.LayerNorm", "attn_output_norm");
    replace("intermediate.dense", "ffn_up");
    replace("output.dense", "ffn_down");
    replace("output.LayerNorm", "layer_output_norm");
    replace("pooler.dense", "cls");
    replace("classifier", "cls.output");
    return name;
  }

  Doubles times(const std::string& name, const Doubles& x) const {
    return add_bias(product(x, Doubles(matrices_.at(name).values.view())),
                    vectors_.at(name + ".bias"));
  }
  Doubles normed(const std::string& name, const Doubles& x) const {
    return layer_norm(x, vectors_.at(name + ".weight"), vectors_.at(name + ".bias"),
                      static_cast<double>(shape_.eps));
  }
  /// Normalised after each part is added.
  Doubles call_layer(std::size_t i, painters::Part part, Doubles x,
                     const painters::tensor::PackedBatch& batch) const {
    const std::string at = layer(i);
    if (part != painters::layers::ffn) {
      const std::string self = at + "attention.self.";
      const Doubles attended =
          attention(times(self + "query", x), times(self + "key", x), times(self + "value", x),
                    batch, {shape_.heads, shape_.heads, shape_.hidden_size / shape_.heads, false});
      x = normed(at + "attention.output.LayerNorm",
                 add(x, times(at + "attention.output.dense", attended)));
    }
    if (part != painters::layers::attention)
      x = normed(at + "output.LayerNorm",
                 add(x, times(at + "output.dense",
                              activated(shape_.activation, times(at + "intermediate.dense", x)))));
    return x;
  }

  BertShape shape_;
  Random random_;
  Type type_;
  std::map<std::string, StoredWeight> matrices_;
  std::map<std::string, std::vector<float>> vectors_;
};

}  // namespace support
