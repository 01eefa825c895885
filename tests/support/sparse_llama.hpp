// A Llama model of any size in files that take hardly any disk space: its matrices are zeros except
// for some rows of some layers, so that plain loops in double precision can compute its states.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <painters/tensor/packed_batch.hpp>
#include <painters/text/token.hpp>

#include "support/doubles.hpp"
#include "support/gguf_writer.hpp"
#include "support/random.hpp"
#include "support/random_causal_lm.hpp"
#include "support/safetensors_writer.hpp"

namespace support {

///@{ The sizes of published models.
inline const CausalLmShape llama_2_7b{{4096, 11008, {32, 32, 128}}, 32, 32000, 4096};
inline const CausalLmShape llama_2_13b{{5120, 13824, {40, 40, 128}}, 40, 32000, 4096};
inline const CausalLmShape llama_2_70b{{8192, 28672, {64, 8, 128}}, 80, 32000, 4096};
///@}

class SparseLlama {
 public:
  using Type = painters::tensor::ElementType;

  /// `layers` are the layers that are not all zeros.
  SparseLlama(const CausalLmShape& shape, Type type, const std::set<std::size_t>& layers)
      : shape_(shape), type_(type) {
    const BlockShape& b = shape.block;
    const std::size_t q = b.attention.query_size(), kv = b.attention.key_value_size();
    embedding_ = matrix("token_embd", "model.embed_tokens", shape.vocab_size, b.hidden_size, 0.5f);
    for (std::size_t i = 0; i < shape.layers; ++i) {
      const std::string gguf = "blk." + std::to_string(i) + ".";
      const std::string hugging_face = "model.layers." + std::to_string(i) + ".";
      const float deviation = layers.count(i) != 0 ? 1.0f : 0.0f;
      const auto add = [&](const char* name, const std::string& in_layer, std::size_t rows,
                           std::size_t cols, std::size_t heads = 0) {
        return matrix(gguf + name, hugging_face + in_layer, rows, cols,
                      deviation / std::sqrt(static_cast<float>(cols)), heads);
      };
      Layer layer;
      layer.attention_norm = norm(gguf + "attn_norm", hugging_face + "input_layernorm");
      layer.query =
          add("attn_q", "self_attn.q_proj", q, b.hidden_size, b.attention.num_attention_heads);
      layer.key =
          add("attn_k", "self_attn.k_proj", kv, b.hidden_size, b.attention.num_key_value_heads);
      layer.value = add("attn_v", "self_attn.v_proj", kv, b.hidden_size);
      layer.output = add("attn_output", "self_attn.o_proj", b.hidden_size, q);
      layer.ffn_norm = norm(gguf + "ffn_norm", hugging_face + "post_attention_layernorm");
      layer.gate = add("ffn_gate", "mlp.gate_proj", b.intermediate_size, b.hidden_size);
      layer.up = add("ffn_up", "mlp.up_proj", b.intermediate_size, b.hidden_size);
      layer.down = add("ffn_down", "mlp.down_proj", b.hidden_size, b.intermediate_size);
      layers_.push_back(layer);
    }
    final_norm_ = norm("output_norm", "model.norm");
    head_ = matrix("output", "lm_head", shape.vocab_size, b.hidden_size,
                   1 / std::sqrt(static_cast<float>(b.hidden_size)));
  }

  /// Which of a matrix's rows are not zeros: the first and the last, and those around the ends of
  /// the pieces that a matrix may be cut into. Only tokens with these numbers have an embedding.
  static std::set<std::size_t> rows_with_numbers(std::size_t rows) {
    return {0, 1, 63, 64, rows / 2, rows - 65, rows - 64, rows - 1};
  }

  /// Writes one file.
  void write_gguf(const std::filesystem::path& path) const {
    const BlockShape& b = shape_.block;
    const auto number = [](std::size_t n) { return static_cast<std::uint32_t>(n); };
    GgufWriter writer;
    writer.metadata("general.architecture", std::string("llama"))
        .metadata("llama.block_count", number(shape_.layers))
        .metadata("llama.embedding_length", number(b.hidden_size))
        .metadata("llama.feed_forward_length", number(b.intermediate_size))
        .metadata("llama.attention.head_count", number(b.attention.num_attention_heads))
        .metadata("llama.attention.head_count_kv", number(b.attention.num_key_value_heads))
        .metadata("llama.context_length", number(shape_.max_position_embeddings))
        .metadata("llama.attention.layer_norm_rms_epsilon", b.eps)
        .metadata("llama.rope.freq_base", static_cast<float>(b.theta));
    for (const Tensor& t : tensors_) {
      if (!t.norm.empty()) {
        writer.tensor(t.gguf, {t.norm.size()}, t.norm);
        continue;
      }
      std::map<std::size_t, std::string> rows;
      for (const auto& [row, stored] : t.numbers) rows[interleaved(t, row)] = *stored.bytes;
      writer.sparse_tensor(t.gguf, type_, t.rows, t.cols, rows);
    }
    writer.write(path);
  }

  /// Writes a folder with an index and so many files, in a type that safetensors have.
  void write_shards(const std::filesystem::path& folder, std::size_t shards) const {
    const BlockShape& b = shape_.block;
    std::filesystem::create_directories(folder);
    nlohmann::json map;
    for (std::size_t s = 0; s < shards; ++s) {
      const std::string file = "model-" + std::to_string(s + 1) + ".safetensors";
      SafetensorsWriter writer;
      for (std::size_t i = s * tensors_.size() / shards; i < (s + 1) * tensors_.size() / shards;
           ++i) {
        const Tensor& t = tensors_[i];
        map[t.hugging_face] = file;
        if (!t.norm.empty()) {
          writer.tensor(t.hugging_face, {t.norm.size()}, t.norm);
          continue;
        }
        std::map<std::size_t, std::string> rows;
        for (const auto& [row, stored] : t.numbers) rows[row] = *stored.bytes;
        const auto traits = painters::tensor::traits(type_);
        writer.sparse_tensor(t.hugging_face, traits.name, traits.block_bytes, t.rows, t.cols, rows);
      }
      writer.write(folder / file);
    }
    const auto json = [&](const char* name, const nlohmann::json& value) {
      std::ofstream(folder / name) << value;
    };
    json("model.safetensors.index.json", {{"weight_map", map}});
    json("config.json", {{"model_type", "llama"},
                         {"num_hidden_layers", shape_.layers},
                         {"hidden_size", b.hidden_size},
                         {"intermediate_size", b.intermediate_size},
                         {"num_attention_heads", b.attention.num_attention_heads},
                         {"num_key_value_heads", b.attention.num_key_value_heads},
                         {"vocab_size", shape_.vocab_size},
                         {"max_position_embeddings", shape_.max_position_embeddings},
                         {"rms_norm_eps", b.eps},
                         {"rope_theta", b.theta}});
  }

  /// The states before the first layer.
  Doubles embed(std::span<const painters::text::TokenId> tokens) const {
    Doubles x(tokens.size(), shape_.block.hidden_size);
    for (std::size_t r = 0; r < x.rows; ++r) {
      const auto row = tensors_[embedding_].numbers.find(static_cast<std::size_t>(tokens[r]));
      if (row == tensors_[embedding_].numbers.end()) continue;
      for (std::size_t c = 0; c < x.cols; ++c)
        x(r, c) = static_cast<double>(row->second.values.view()(0, c));
    }
    return x;
  }
  /// The states of one text after a layer.
  Doubles call(std::size_t layer, Doubles x) const {
    const BlockShape& b = shape_.block;
    const Layer& l = layers_[layer];
    const auto batch = painters::tensor::single_sequence(x.rows);
    const auto normed = [&](std::size_t norm) {
      return rms_norm(x, tensors_[norm].norm, static_cast<double>(b.eps));
    };
    const Doubles n = normed(l.attention_norm);
    const auto turned = [&](std::size_t weight, std::size_t heads) {
      return rotary(times(n, weight), heads, b.attention.head_dim,
                    rotary_frequencies(b.attention.head_dim, b.theta), batch.positions());
    };
    x = add(x, times(attention(turned(l.query, b.attention.num_attention_heads),
                               turned(l.key, b.attention.num_key_value_heads), times(n, l.value),
                               batch, b.attention),
                     l.output));
    const Doubles m = normed(l.ffn_norm), gate = times(m, l.gate), up = times(m, l.up);
    Doubles both(x.rows, 2 * b.intermediate_size);
    for (std::size_t r = 0; r < x.rows; ++r)
      for (std::size_t c = 0; c < b.intermediate_size; ++c)
        both(r, c) = gate(r, c), both(r, b.intermediate_size + c) = up(r, c);
    return add(x, times(support::gate(b.hidden_act, both), l.down));
  }
  Doubles logits(const Doubles& x) const {
    return times(rms_norm(x, tensors_[final_norm_].norm, static_cast<double>(shape_.block.eps)),
                 head_);
  }

 private:
  struct Tensor {
    std::string gguf, hugging_face;
    std::size_t rows, cols;
    std::size_t heads;                            // 0: the same order of rows in both formats
    std::map<std::size_t, StoredWeight> numbers;  // of rows
    std::vector<float> norm;                      // of a tensor that is not a matrix
  };
  struct Layer {  // places in tensors_
    std::size_t attention_norm, query, key, value, output, ffn_norm, gate, up, down;
  };

  std::size_t matrix(const std::string& gguf, const std::string& hugging_face, std::size_t rows,
                     std::size_t cols, float deviation, std::size_t heads = 0) {
    Tensor t{gguf + ".weight", hugging_face + ".weight", rows, cols, heads, {}, {}};
    if (deviation > 0)
      for (const std::size_t row : rows_with_numbers(rows))
        t.numbers.emplace(row, random_weight(type_, 1, cols, random_, 0, deviation));
    tensors_.push_back(std::move(t));
    return tensors_.size() - 1;
  }
  std::size_t norm(const std::string& gguf, const std::string& hugging_face) {
    tensors_.push_back({gguf + ".weight",
                        hugging_face + ".weight",
                        1,
                        shape_.block.hidden_size,
                        0,
                        {},
                        random_.normals(shape_.block.hidden_size)});
    return tensors_.size() - 1;
  }

  /// The row of a GGUF file that holds a row of query or key heads.
  static std::size_t interleaved(const Tensor& t, std::size_t row) {
    if (t.heads == 0) return row;
    const std::size_t dim = t.rows / t.heads, in_head = row % dim;
    return row - in_head + (in_head < dim / 2 ? 2 * in_head : 2 * (in_head - dim / 2) + 1);
  }

  Doubles times(const Doubles& x, std::size_t weight) const {
    const Tensor& t = tensors_[weight];
    Doubles y(x.rows, t.rows);
    for (const auto& [row, stored] : t.numbers) {
      const Doubles column = product(x, Doubles(stored.values.view()));
      for (std::size_t r = 0; r < x.rows; ++r) y(r, row) = column(r, 0);
    }
    return y;
  }

  CausalLmShape shape_;
  Type type_;
  Random random_{11};
  std::vector<Tensor> tensors_;
  std::vector<Layer> layers_;
  std::size_t embedding_ = 0, final_norm_ = 0, head_ = 0;
};

}  // namespace support
