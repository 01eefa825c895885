// A small Llama model of random weights: as GGUF, as a Hugging Face folder, and in double
// precision.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

#include <painters/plan/node.hpp>
#include <painters/text/token.hpp>

#include "pipeline/toys.hpp"
#include "support/gguf_writer.hpp"
#include "support/random_block.hpp"
#include "support/safetensors_writer.hpp"

namespace support {

/// Tensors by name, for tests that change or leave out one before the file is written.
struct TensorParts {
  struct Tensor {
    std::vector<std::size_t> shape;
    std::string bytes;
    std::uint32_t gguf_type = GgufWriter::f32;
    std::string dtype = "F32";
  };
  std::map<std::string, Tensor> tensors;
};

struct GgufParts : TensorParts {
  using Value = std::variant<std::uint32_t, float, bool, std::string, std::vector<std::string>,
                             std::vector<std::int32_t>>;
  std::map<std::string, Value> metadata;

  void write(const std::filesystem::path& path) const {
    GgufWriter writer;
    for (const auto& [key, value] : metadata)
      std::visit([&, &name = key](const auto& v) { writer.metadata(name, v); }, value);
    for (const auto& [name, t] : tensors) writer.tensor(name, t.gguf_type, t.shape, t.bytes);
    writer.write(path);
  }
};

struct HuggingFaceParts : TensorParts {
  nlohmann::json config;

  void write(const std::filesystem::path& folder) const {
    std::filesystem::create_directories(folder);
    SafetensorsWriter writer;
    for (const auto& [name, t] : tensors) writer.tensor(name, t.dtype, t.shape, t.bytes);
    writer.write(folder / "model.safetensors");
    std::ofstream(folder / "config.json") << config;
  }
};

struct LlamaShape {
  BlockShape block{32, 48, {4, 2, 8}};
  std::size_t layers = 4, vocab_size = 60, max_position_embeddings = 64;
  bool tied = false;
};

class RandomLlama {
 public:
  using Type = painters::tensor::ElementType;

  explicit RandomLlama(const LlamaShape& shape, unsigned seed = 1, Type type = Type::f32)
      : shape_(shape) {
    Random random(seed);
    for (std::size_t i = 0; i < shape.layers; ++i) blocks_.emplace_back(shape.block, random, type);
    final_norm_ = random.normals(shape.block.hidden_size);
    const auto table = [&] {
      return random_weight(type, shape.vocab_size, shape.block.hidden_size, random, 0, 0.5f);
    };
    embedding_ = table();
    head_ = shape.tied ? embedding_ : table();
  }

  const LlamaShape& shape() const { return shape_; }

  GgufParts gguf() const {
    const BlockShape& b = shape_.block;
    const auto number = [](std::size_t n) { return static_cast<std::uint32_t>(n); };
    GgufParts parts;
    parts.metadata = {{"general.architecture", std::string("llama")},
                      {"llama.block_count", number(shape_.layers)},
                      {"llama.embedding_length", number(b.hidden_size)},
                      {"llama.feed_forward_length", number(b.intermediate_size)},
                      {"llama.attention.head_count", number(b.attention.num_attention_heads)},
                      {"llama.attention.head_count_kv", number(b.attention.num_key_value_heads)},
                      {"llama.attention.key_length", number(b.attention.head_dim)},
                      {"llama.rope.dimension_count", number(b.attention.head_dim)},
                      {"llama.vocab_size", number(shape_.vocab_size)},
                      {"llama.context_length", number(shape_.max_position_embeddings)},
                      {"llama.attention.layer_norm_rms_epsilon", b.eps},
                      {"llama.rope.freq_base", static_cast<float>(b.theta)}};
    const auto add = [&](const std::string& name, const StoredWeight& w, std::size_t heads = 0) {
      const std::string& bytes = *w.bytes;
      parts.tensors[name] = {{w.weight.rows, w.weight.cols},
                             heads == 0 ? bytes : interleaved(bytes, w.weight.row_bytes(), heads),
                             GgufWriter::number(w.weight.type)};
    };
    const auto add_norm = [&](const std::string& name, const std::vector<float>& values) {
      parts.tensors[name] = {{values.size()}, bytes_of(values)};
    };
    add("token_embd.weight", embedding_);
    if (!shape_.tied) add("output.weight", head_);
    add_norm("output_norm.weight", final_norm_);
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      const RandomBlock& block = blocks_[i];
      const std::string at = "blk." + std::to_string(i) + ".";
      add_norm(at + "attn_norm.weight", block.attention_norm.weight);
      add(at + "attn_q.weight", block.query, b.attention.num_attention_heads);
      add(at + "attn_k.weight", block.key, b.attention.num_key_value_heads);
      add(at + "attn_v.weight", block.value);
      add(at + "attn_output.weight", block.output);
      add_norm(at + "ffn_norm.weight", block.ffn_norm.weight);
      add(at + "ffn_gate.weight", block.gate);
      add(at + "ffn_up.weight", block.up);
      add(at + "ffn_down.weight", block.down);
    }
    return parts;
  }

  /// What safetensors do not have (quantised blocks) in F32.
  HuggingFaceParts hugging_face() const {
    const BlockShape& b = shape_.block;
    HuggingFaceParts parts;
    parts.config = {{"model_type", "llama"},
                    {"num_hidden_layers", shape_.layers},
                    {"hidden_size", b.hidden_size},
                    {"intermediate_size", b.intermediate_size},
                    {"num_attention_heads", b.attention.num_attention_heads},
                    {"num_key_value_heads", b.attention.num_key_value_heads},
                    {"head_dim", b.attention.head_dim},
                    {"vocab_size", shape_.vocab_size},
                    {"max_position_embeddings", shape_.max_position_embeddings},
                    {"rms_norm_eps", b.eps},
                    {"rope_theta", b.theta},
                    {"rope_scaling", nullptr},
                    {"tie_word_embeddings", shape_.tied}};
    const auto add = [&](const std::string& name, const StoredWeight& w) {
      const bool same = w.weight.type == Type::f16 || w.weight.type == Type::bf16;
      const std::vector<float> values(w.values.data(), w.values.data() + w.values.size());
      parts.tensors[name] = {{w.weight.rows, w.weight.cols},
                             same ? *w.bytes : bytes_of(values),
                             GgufWriter::f32,
                             same ? std::string(traits(w.weight.type).name) : "F32"};
    };
    const auto add_norm = [&](const std::string& name, const std::vector<float>& values) {
      parts.tensors[name] = {{values.size()}, bytes_of(values)};
    };
    add("model.embed_tokens.weight", embedding_);
    if (!shape_.tied) add("lm_head.weight", head_);
    add_norm("model.norm.weight", final_norm_);
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      const RandomBlock& block = blocks_[i];
      const std::string at = "model.layers." + std::to_string(i) + ".";
      add_norm(at + "input_layernorm.weight", block.attention_norm.weight);
      add(at + "self_attn.q_proj.weight", block.query);
      add(at + "self_attn.k_proj.weight", block.key);
      add(at + "self_attn.v_proj.weight", block.value);
      add(at + "self_attn.o_proj.weight", block.output);
      add_norm(at + "post_attention_layernorm.weight", block.ffn_norm.weight);
      add(at + "mlp.gate_proj.weight", block.gate);
      add(at + "mlp.up_proj.weight", block.up);
      add(at + "mlp.down_proj.weight", block.down);
    }
    return parts;
  }

  /// The states before the first layer.
  Doubles embed(std::span<const painters::text::TokenId> tokens) const {
    Doubles x(tokens.size(), shape_.block.hidden_size);
    for (std::size_t r = 0; r < x.rows; ++r)
      for (std::size_t c = 0; c < x.cols; ++c)
        x(r, c) =
            static_cast<double>(embedding_.values.view()(static_cast<std::size_t>(tokens[r]), c));
    return x;
  }
  /// What `plan` makes of a text's states.
  Doubles run(painters::PlanView plan, Doubles x) const {
    const auto batch = painters::tensor::single_sequence(x.rows);
    const auto call = [&](std::uint32_t layer, painters::Part part, const toys::Vector& values) {
      Doubles state = x;
      state.values = values;
      return blocks_[layer].call(part, state, batch).values;
    };
    x.values = toys::meaning(plan, x.values, call);
    return x;
  }
  Doubles logits(painters::PlanView plan, std::span<const painters::text::TokenId> tokens) const {
    return product(
        rms_norm(run(plan, embed(tokens)), final_norm_, static_cast<double>(shape_.block.eps)),
        Doubles(head_.values.view()));
  }

 private:
  static std::string bytes_of(const std::vector<float>& values) {
    return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
  }

  LlamaShape shape_;
  std::vector<RandomBlock> blocks_;
  std::vector<float> final_norm_;
  StoredWeight embedding_, head_;
};

}  // namespace support
