// BERT (Devlin et al., 2018): embeddings of tokens, positions and token types, blocks that any plan
// can run over, and a head.
//
// Batches are packed. Where other programs pad texts to [texts, length] and hide the padding from
// attention with a mask, here each text is a segment of as many rows as its mask has ones: the keys
// that a mask would hide are not there, so that the state of a real token is the same as beside any
// amount of padding, and padded positions have no states.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <painters/backend/attention.hpp>
#include <painters/backend/concept.hpp>
#include <painters/error.hpp>
#include <painters/layers/hidden_states.hpp>
#include <painters/layers/transformer_block.hpp>
#include <painters/models/bert_file.hpp>
#include <painters/models/bert_head.hpp>
#include <painters/models/concepts.hpp>
#include <painters/models/stored_linear.hpp>
#include <painters/models/stored_norm.hpp>
#include <painters/pipeline/stack.hpp>
#include <painters/tensor/packed_batch.hpp>
#include <painters/text/token.hpp>

namespace painters::models {

/// The backend must outlive it.
template <backend::Backend B>
class Bert {
 public:
  using Backend = B;                                  // what computes
  using State = layers::HiddenStates<B>;              // what the layers change
  using Layers = Stack<layers::TransformerBlock<B>>;  // what plans run over
  /// Every token sees all of its text: texts cannot share their beginning.
  static constexpr bool is_causal = false;

  /// `path`: a .gguf file or a folder with config.json and safetensors. Weights stay in the file
  /// until they are used. Throws Error if a file is missing, contradicts itself, or is not a BERT.
  Bert(const std::filesystem::path& path, B& backend)
      : backend_(&backend),
        file_(std::make_unique<BertFile>(path)),
        words_(file_->table(file_->names().word, config().vocab_size)),
        positions_(file_->table(file_->names().position, config().max_position_embeddings)),
        embedding_norm_(norm(file_->names().embedding_norm)),
        layers_(make_layers()),
        head_(backend, *file_) {
    if (config().type_vocab_size > 0)
      token_types_ = file_->table(file_->names().token_type, config().type_vocab_size);
  }

  /// The model's sizes and properties.
  const BertConfig& config() const& { return file_->config(); }
  /// All layers, for run().
  const Layers& layers() const& { return layers_; }
  /// From states to classes, values or tokens.
  const BertHead<B>& head() const& { return head_; }
  ///@{ What a model holds ends with it, and a temporary one with the line.
  const BertConfig& config() const&& = delete;
  const Layers& layers() const&& = delete;
  const BertHead<B>& head() const&& = delete;
  ///@}
  /// What computes.
  B& backend() const { return *backend_; }

  /// Throws Error for an id outside the vocabulary.
  void check(std::span<const text::TokenId> tokens) const {
    check_numbers("token ids", tokens, config().vocab_size);
  }

  /// The states before the first layer, the embeddings after their normalisation: a token and its
  /// type for each row of the batch. Without types all are 0. Segments of the batch are texts of
  /// their own. Throws Error for ids and types that the model does not embed, for texts that are
  /// empty or longer than it has positions for, and unless there are as many tokens as rows.
  State embed(std::span<const text::TokenId> tokens, std::span<const int> token_types,
              tensor::PackedBatch batch) const {
    require_token_for_each_row(tokens.size(), batch);
    check_texts(tokens, token_types, batch);
    const std::vector<std::int32_t> places(batch.positions().begin(), batch.positions().end());
    const std::vector<std::int32_t> types =
        token_types.empty() ? std::vector<std::int32_t>(tokens.size())
                            : std::vector<std::int32_t>(token_types.begin(), token_types.end());
    State x(*backend_, std::move(batch), config().hidden_size);
    const typename B::Matrix values = x.values();
    auto scratch = backend_->workspace();
    const typename B::Matrix more = scratch.matrix(values.rows, values.cols);
    const auto add = [&](const tensor::Weight& table, std::span<const std::int32_t> ids) {
      backend_->embed(table, ids, more);
      backend_->add_scaled(values, 1.0f, more);
    };
    backend_->embed(words_, tokens, values);
    if (config().type_vocab_size > 0) add(token_types_, types);
    add(positions_, places);
    backend_->for_row_blocks(values.rows, {},
                             [&](std::size_t first, std::size_t count, typename B::Lane& lane) {
                               const typename B::Matrix block = values.middle_rows(first, count);
                               embedding_norm_(lane, block, block);
                             });
    return x;
  }

  /// Bytes that a call of a layer takes for each row of a pass, besides the states.
  std::size_t bytes_per_row() const { return layers_[0].bytes_per_row(); }
  /// The same where hooks look into the layers.
  std::size_t bytes_per_row_with_taps() const { return layers_[0].bytes_per_row_with_taps(); }

 private:
  static void check_numbers(const char* what, std::span<const int> values, std::size_t size) {
    for (const int value : values)
      if (value < 0 || static_cast<std::size_t>(value) >= size)
        throw Error("expected " + std::string(what) + " of 0 to " + std::to_string(size - 1) +
                    " for this model, found " + std::to_string(value));
  }

  layers::Norm<B> norm(const char* name, std::size_t layer = 0) const {
    return models::norm(*backend_, file_->norm(name, layer));
  }

  void check_texts(std::span<const text::TokenId> tokens, std::span<const int> token_types,
                   const tensor::PackedBatch& batch) const {
    check(tokens);
    if (!token_types.empty() && config().type_vocab_size == 0)
      throw Error("expected no token types for this model, which embeds none, found " +
                  std::to_string(token_types.size()));
    check_numbers("token types", token_types, config().type_vocab_size);
    if (!token_types.empty() && token_types.size() != tokens.size())
      throw Error("expected as many token types as tokens, " + std::to_string(tokens.size()) +
                  ", found " + std::to_string(token_types.size()));
    for (const tensor::Segment& text : batch.segments())
      if (text.length < 1 || text.length > config().max_position_embeddings)
        throw Error("expected texts of 1 to " + std::to_string(config().max_position_embeddings) +
                    " tokens, as many as this model has positions, found one of " +
                    std::to_string(text.length) + "; shorten it");
  }

  Layers make_layers() const {
    const BertConfig& c = config();
    const BertNames& names = file_->names();
    const std::size_t heads = c.num_attention_heads;
    const backend::AttentionShape shape{heads, heads, c.hidden_size / heads, false};
    std::vector<layers::TransformerBlock<B>> all;
    for (std::size_t i = 0; i < c.num_hidden_layers; ++i) {
      const auto linear = [&](const std::vector<const char*>& parts, std::size_t rows,
                              std::size_t cols) -> layers::Linear<B> {
        return models::linear(*backend_, file_->linear(parts, i, rows, cols));
      };
      layers::Attention<B> attention{
          linear({names.query, names.key, names.value}, c.hidden_size, c.hidden_size),
          linear({names.attention_output}, c.hidden_size, c.hidden_size), shape, nullptr};
      layers::FeedForward<B> feed_forward{linear({names.up}, c.intermediate_size, c.hidden_size),
                                          linear({names.down}, c.hidden_size, c.intermediate_size),
                                          c.intermediate_size, c.hidden_act, false};
      all.emplace_back(layers::Arrangement::post_norm, norm(names.attention_norm, i),
                       std::move(attention), norm(names.output_norm, i), std::move(feed_forward));
    }
    return stack(std::move(all));
  }

  B* backend_;
  std::unique_ptr<BertFile> file_;  // weights point into it
  tensor::Weight words_, positions_, token_types_;
  layers::Norm<B> embedding_norm_;
  Layers layers_;
  BertHead<B> head_;
};

}  // namespace painters::models
