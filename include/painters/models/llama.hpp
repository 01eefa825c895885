// Llama: embedding, a stack of transformer blocks that any plan can run over, head.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <painters/backend/concept.hpp>
#include <painters/error.hpp>
#include <painters/layers/hidden_states.hpp>
#include <painters/layers/language_model_head.hpp>
#include <painters/layers/rotary_table.hpp>
#include <painters/layers/transformer_block.hpp>
#include <painters/models/llama_file.hpp>
#include <painters/pipeline/stack.hpp>
#include <painters/tensor/dequantize.hpp>
#include <painters/tensor/packed_batch.hpp>
#include <painters/text/token.hpp>

namespace painters::models {

/// A causal language model. The backend must outlive it.
template <backend::Backend B>
class Llama {
 public:
  using State = layers::HiddenStates<B>;              // what the layers change
  using Layers = Stack<layers::TransformerBlock<B>>;  // what plans run over
  /// Whether a token's state depends on no later token, so that texts can share their beginning.
  static constexpr bool is_causal = true;

  /// See LlamaFile::open. Weights stay in the file until they are used.
  Llama(const std::filesystem::path& path, B& backend)
      : backend_(&backend),
        file_(std::make_unique<LlamaFile>(LlamaFile::open(path))),
        embedding_(file_->embedding()),
        layers_(make_layers()),
        head_(backend, norm(file_->names().final_norm, 0), file_->head()) {}

  /// The model's sizes.
  const LlamaConfig& config() const { return file_->config(); }
  /// All of them, for run().
  const Layers& layers() const { return layers_; }
  /// From states to logits.
  const layers::LanguageModelHead<B>& head() const { return head_; }
  /// What computes.
  B& backend() const { return *backend_; }

  /// Throws Error for an id outside the vocabulary.
  void check_token(text::TokenId id) const {
    if (id < 0 || static_cast<std::size_t>(id) >= config().vocab_size)
      throw Error("expected token ids of 0 to " + std::to_string(config().vocab_size - 1) +
                  " for this model, found " + std::to_string(id));
  }

  /// The states before the first layer: a token for each row of the batch, which must outlive
  /// them. Throws Error for an id outside the vocabulary.
  State embed(std::span<const text::TokenId> tokens, const tensor::PackedBatch& batch) const {
    State x(*backend_, batch, config().hidden_size);
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      check_token(tokens[i]);
      tensor::dequantize_row(embedding_, static_cast<std::size_t>(tokens[i]), x.values().row(i));
    }
    return x;
  }

 private:
  layers::RmsNorm norm(const char* name, std::size_t layer) const {
    return {file_->vector(name, layer, config().hidden_size),
            static_cast<float>(config().rms_norm_eps)};
  }

  Layers make_layers() const {
    const LlamaConfig& c = config();
    const LlamaNames& names = file_->names();
    const auto rotary = std::make_shared<const layers::RotaryTable>(c.head_dim, c.rope_theta);
    const backend::AttentionShape shape{c.num_attention_heads, c.num_key_value_heads, c.head_dim};
    std::vector<layers::TransformerBlock<B>> all;
    for (std::size_t i = 0; i < c.num_hidden_layers; ++i) {
      layers::Attention<B> attention{
          norm(names.attention_norm, i),
          backend_->pack({file_->heads(names.query, i, c.num_attention_heads),
                          file_->heads(names.key, i, c.num_key_value_heads),
                          file_->matrix(names.value, i, shape.key_value_size(), c.hidden_size)}),
          backend_->pack({file_->matrix(names.output, i, c.hidden_size, shape.query_size())}),
          shape, rotary};
      layers::SwiGlu<B> feed_forward{
          norm(names.ffn_norm, i),
          backend_->pack({file_->matrix(names.gate, i, c.intermediate_size, c.hidden_size),
                          file_->matrix(names.up, i, c.intermediate_size, c.hidden_size)}),
          backend_->pack({file_->matrix(names.down, i, c.hidden_size, c.intermediate_size)}),
          c.intermediate_size};
      all.emplace_back(std::move(attention), std::move(feed_forward));
    }
    return stack(std::move(all));
  }

  B* backend_;
  std::unique_ptr<LlamaFile> file_;  // weights point into it
  tensor::Weight embedding_;
  Layers layers_;
  layers::LanguageModelHead<B> head_;
};

}  // namespace painters::models
