// A causal language model of any family: embedding, blocks that any plan can run over, and a head.
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
#include <painters/models/causal_lm_file.hpp>
#include <painters/models/concepts.hpp>
#include <painters/models/stored_linear.hpp>
#include <painters/models/stored_norm.hpp>
#include <painters/pipeline/stack.hpp>
#include <painters/tensor/packed_batch.hpp>
#include <painters/text/token.hpp>

namespace painters::models {

/// Where a model departs from its file at the user's request.
struct CausalLmOptions {
  bool ignores_sliding_window = false;    // tokens see all before them, as in the paper's code
  std::vector<std::string> ignored = {};  // keys and tensors of a GGUF file, see refuse_unknown
};

/// The backend must outlive it.
template <backend::Backend B>
class CausalLm {
 public:
  using Backend = B;                                  // what computes
  using State = layers::HiddenStates<B>;              // what the layers change
  using Layers = Stack<layers::TransformerBlock<B>>;  // what plans run over
  /// Whether a token's state depends on no later token, so that texts can share their beginning.
  static constexpr bool is_causal = true;

  /// `path`: a .gguf file or a folder with config.json and safetensors. Weights stay in the file
  /// until they are used. Throws Error if a file is missing, contradicts itself, or is of a family
  /// that we lack.
  CausalLm(const std::filesystem::path& path, B& backend, CausalLmOptions options = {})
      : backend_(&backend),
        file_(std::make_unique<CausalLmFile>(path, options.ignored)),
        embedding_(file_->embedding()),
        layers_(make_layers(options)),
        head_(backend, norm(file_->names().final_norm, 0), file_->head()) {}

  /// The model's sizes and properties.
  const CausalLmConfig& config() const& { return file_->config(); }
  /// All layers, for run().
  const Layers& layers() const& { return layers_; }
  /// From states to logits.
  const layers::LanguageModelHead<B>& head() const& { return head_; }
  ///@{ What a model holds ends with it, and a temporary one with the line.
  const CausalLmConfig& config() const&& = delete;
  const Layers& layers() const&& = delete;
  const layers::LanguageModelHead<B>& head() const&& = delete;
  ///@}
  /// What computes.
  B& backend() const { return *backend_; }

  /// Throws Error for an id outside the vocabulary.
  void check(std::span<const text::TokenId> tokens) const {
    for (const text::TokenId id : tokens)
      if (id < 0 || static_cast<std::size_t>(id) >= config().vocab_size)
        throw Error("expected token ids of 0 to " + std::to_string(config().vocab_size - 1) +
                    " for this model, found " + std::to_string(id));
  }

  /// The states before the first layer: a token for each row of the batch. Throws Error for an id
  /// outside the vocabulary, and unless there are as many tokens as rows.
  State embed(std::span<const text::TokenId> tokens, tensor::PackedBatch batch) const {
    require_token_for_each_row(tokens.size(), batch);
    check(tokens);
    State x(*backend_, std::move(batch), config().hidden_size);
    backend_->embed(embedding_, tokens, x.values());
    return x;
  }

  /// Bytes that a call of a layer takes for each row of a pass, besides the states.
  std::size_t bytes_per_row() const { return layers_[0].bytes_per_row(); }
  /// The same where hooks look into the layers.
  std::size_t bytes_per_row_with_taps() const { return layers_[0].bytes_per_row_with_taps(); }

 private:
  layers::Norm<B> norm(const char* name, std::size_t layer) const {
    return norm(name, layer, config().hidden_size);
  }
  layers::Norm<B> norm(const char* name, std::size_t layer, std::size_t size) const {
    return models::norm(*backend_, file_->norm(name, layer, size));
  }

  Layers make_layers(const CausalLmOptions& options) const {
    const CausalLmConfig& c = config();
    const CausalLmNames& names = file_->names();
    const auto rotary = std::make_shared<const layers::RotaryTable<B>>(c.rope.frequencies);
    std::vector<layers::TransformerBlock<B>> all;
    for (std::size_t i = 0; i < c.num_hidden_layers; ++i) {
      const bool windowed = !c.sliding_windows.empty() && !options.ignores_sliding_window;
      const backend::AttentionShape shape{c.num_attention_heads, c.num_key_value_heads, c.head_dim,
                                          true, windowed ? c.sliding_windows[i] : 0};
      layers::Attention<B> attention{linear(file_->query_key_value(i)),
                                     linear(file_->linear({names.output}, i, c.hidden_size,
                                                          shape.query_size(), c.output_bias)),
                                     shape, rotary};
      if (c.qk_norm) {
        attention.query_norm = norm(names.query_norm, i, c.head_dim);
        attention.key_norm = norm(names.key_norm, i, c.head_dim);
      }
      layers::FeedForward<B> feed_forward{
          linear(file_->linear(c.gated ? std::vector{names.gate, names.up} : std::vector{names.up},
                               i, c.intermediate_size, c.hidden_size, c.mlp_bias)),
          linear(file_->linear({names.down}, i, c.hidden_size, c.intermediate_size, c.mlp_bias)),
          c.intermediate_size, c.hidden_act, c.gated};
      all.emplace_back(c.arrangement, norm(names.attention_norm, i), std::move(attention),
                       norm(names.ffn_norm, i), std::move(feed_forward));
    }
    return stack(std::move(all));
  }

  layers::Linear<B> linear(StoredLinear stored) const {
    return models::linear(*backend_, std::move(stored));
  }

  B* backend_;
  std::unique_ptr<CausalLmFile> file_;  // weights point into it
  tensor::Weight embedding_;
  Layers layers_;
  layers::LanguageModelHead<B> head_;
};

}  // namespace painters::models
