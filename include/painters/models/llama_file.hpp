// The files of a Llama model: configuration and weights, the same whether GGUF or safetensors.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include <painters/error.hpp>
#include <painters/formats/gguf.hpp>
#include <painters/formats/json.hpp>
#include <painters/formats/safetensors.hpp>
#include <painters/models/llama_config.hpp>
#include <painters/tensor/dequantize.hpp>
#include <painters/tensor/weight.hpp>

namespace painters::models {

/// What the tensors of a format are called; {} is the layer's number.
struct LlamaNames {
  ///@{ Of the model.
  const char *embedding, *final_norm, *head;
  ///@}
  ///@{ Of a layer's attention.
  const char *attention_norm, *query, *key, *value, *output;
  ///@}
  ///@{ Of a layer's feed-forward network.
  const char *ffn_norm, *gate, *up, *down;
  ///@}
};

/// The names in GGUF files.
inline constexpr LlamaNames gguf_llama_names{
    "token_embd.weight",       "output_norm.weight",        "output.weight",
    "blk.{}.attn_norm.weight", "blk.{}.attn_q.weight",      "blk.{}.attn_k.weight",
    "blk.{}.attn_v.weight",    "blk.{}.attn_output.weight", "blk.{}.ffn_norm.weight",
    "blk.{}.ffn_gate.weight",  "blk.{}.ffn_up.weight",      "blk.{}.ffn_down.weight"};

/// The names in Hugging Face's safetensors.
inline constexpr LlamaNames hugging_face_llama_names{
    "model.embed_tokens.weight",
    "model.norm.weight",
    "lm_head.weight",
    "model.layers.{}.input_layernorm.weight",
    "model.layers.{}.self_attn.q_proj.weight",
    "model.layers.{}.self_attn.k_proj.weight",
    "model.layers.{}.self_attn.v_proj.weight",
    "model.layers.{}.self_attn.o_proj.weight",
    "model.layers.{}.post_attention_layernorm.weight",
    "model.layers.{}.mlp.gate_proj.weight",
    "model.layers.{}.mlp.up_proj.weight",
    "model.layers.{}.mlp.down_proj.weight"};

/// Weights point into the memory map and live as long as this object.
class LlamaFile {
 public:
  /// `path`: a .gguf file or a folder with config.json and safetensors. Throws Error if a file is
  /// missing, contradicts itself, or is no Llama model.
  static LlamaFile open(const std::filesystem::path& path) {
    std::error_code error;
    if (!std::filesystem::is_directory(path, error)) return LlamaFile(formats::Gguf::open(path));
    const formats::JsonObject config = formats::read_json(path / "config.json");
    return LlamaFile(config, formats::Safetensors::open(path));
  }

  /// The model's sizes.
  const LlamaConfig& config() const { return config_; }
  /// Those of the file's format.
  const LlamaNames& names() const { return *names_; }
  /// The file or folder, for messages.
  std::string place() const {
    return std::visit([](const auto& file) { return file.path().string(); }, file_);
  }

  /// `name`: one of names(). Throws Error if there is no such tensor of that shape.
  tensor::Weight matrix(const char* name, std::size_t layer, std::size_t rows,
                        std::size_t cols) const {
    return tensor(fmt::format(fmt::runtime(name), layer)).weight(rows, cols);
  }
  /// The same for a vector of `size` elements, in f32.
  std::vector<float> vector(const char* name, std::size_t layer, std::size_t size) const {
    std::vector<float> values(size);
    tensor::dequantize_row(matrix(name, layer, 1, size), 0, values.data());
    return values;
  }

  /// Rows of query or key heads, in the split-half order.
  tensor::Weight heads(const char* name, std::size_t layer, std::size_t heads) const {
    tensor::Weight weight = matrix(name, layer, heads * config_.head_dim, config_.hidden_size);
    weight.interleaved_heads = std::holds_alternative<formats::Gguf>(file_) ? heads : 0;
    return weight;
  }

  /// [vocab_size, hidden_size].
  tensor::Weight embedding() const {
    return tensor(names_->embedding).weight(config_.vocab_size, config_.hidden_size);
  }
  /// The embedding where the model ties the two or has no head of its own.
  tensor::Weight head() const {
    const formats::StoredTensor* own = tied_ ? nullptr : find(names_->head);
    if (!own && !tied_ && std::holds_alternative<formats::Safetensors>(file_)) tensor(names_->head);
    return own ? own->weight(config_.vocab_size, config_.hidden_size) : embedding();
  }

 private:
  explicit LlamaFile(formats::Gguf file)
      : names_(&gguf_llama_names),
        config_(read_llama_config(file, embeddings(file))),
        file_(std::move(file)) {}
  LlamaFile(const formats::JsonObject& config, formats::Safetensors file)
      : names_(&hugging_face_llama_names),
        config_(read_llama_config(config)),
        tied_(config.find<bool>("tie_word_embeddings").value_or(false)),
        file_(std::move(file)) {}

  /// Rows of the embedding; 0 if the file lacks it: one of another architecture should hear of that
  /// first.
  static std::size_t embeddings(const formats::Gguf& file) {
    const formats::StoredTensor* embedding = file.find_tensor(gguf_llama_names.embedding);
    return embedding && !embedding->shape.empty() ? embedding->shape[0] : 0;
  }

  const formats::StoredTensor* find(std::string_view name) const {
    return std::visit([&](const auto& file) { return file.find_tensor(name); }, file_);
  }
  const formats::StoredTensor& tensor(std::string_view name) const {
    return std::visit(
        [&](const auto& file) -> const formats::StoredTensor& { return file.tensor(name); }, file_);
  }

  const LlamaNames* names_;
  LlamaConfig config_;
  bool tied_ = false;
  std::variant<formats::Safetensors, formats::Gguf> file_;
};

}  // namespace painters::models
