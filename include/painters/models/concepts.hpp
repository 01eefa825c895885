// What makes a type a model that the engine runs: a small type of a user's own is one, as
// models::CausalLm and models::Bert are.
//
//   Backend, State, Layers     member types: State is layers::HiddenStates<Backend>, and plans run
//                              over the network Layers
//   is_causal                  static constexpr: whether a token's state depends on no later token,
//                              so that texts can share their beginning
//   config()                   vocab_size, hidden_size and max_position_embeddings, the longest
//                              text
//   backend(), layers()        what computes, and what plans run over
//   head()                     what becomes of the last states, see below
//   check(tokens)              throws Error for a token that the model does not embed
//   embed(tokens, batch)       the states before the first layer, a token for each row of the
//                              tensor::PackedBatch; of an encoder embed(tokens, token_types, batch)
//   bytes_per_row()            what a call of a layer takes for each row of a pass, beside states
//
// The head of a language model gives, of hidden states [rows, hidden_size] in the backend's memory,
//
//   logits(backend, hidden, logits)                 [rows, vocab_size]
//   token_likelihoods(backend, hidden, targets)     std::vector<backend::TokenLikelihood>
//
// and that of an encoder, of all states, logits(states): a Backend::Buffer of what the model is
// for.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <painters/backend/concept.hpp>
#include <painters/backend/token_likelihood.hpp>
#include <painters/error.hpp>
#include <painters/layers/hidden_states.hpp>
#include <painters/pipeline/network.hpp>
#include <painters/tensor/packed_batch.hpp>
#include <painters/text/token.hpp>

namespace painters::models {

/// What language models and encoders have in common.
template <class M>
concept Model = backend::Backend<typename M::Backend> && Network<typename M::Layers> &&
    std::same_as<typename M::State, layers::HiddenStates<typename M::Backend>> &&
    requires(const M& model, std::span<const text::TokenId> tokens) {
  { M::is_causal } -> std::convertible_to<bool>;
  { model.config().vocab_size } -> std::convertible_to<std::size_t>;
  { model.config().hidden_size } -> std::convertible_to<std::size_t>;
  { model.config().max_position_embeddings } -> std::convertible_to<std::size_t>;
  { model.backend() } -> std::same_as<typename M::Backend&>;
  { model.layers() } -> std::same_as<const typename M::Layers&>;
  model.head();
  model.check(tokens);
  { model.bytes_per_row() } -> std::convertible_to<std::size_t>;
};

/// A model that says how likely a token comes next.
template <class M>
concept LanguageModel = Model<M> &&
    requires(const M& model, typename M::Backend& backend, std::span<const text::TokenId> tokens,
             const tensor::PackedBatch& batch, typename M::Backend::ConstMatrix hidden,
             typename M::Backend::Matrix logits) {
  { model.embed(tokens, batch) } -> std::same_as<typename M::State>;
  model.head().logits(backend, hidden, logits);
  {
    model.head().token_likelihoods(backend, hidden, tokens)
    } -> std::same_as<std::vector<backend::TokenLikelihood>>;
};

/// A model whose tokens have types and whose head looks at whole texts.
template <class M>
concept Encoder = Model<M> &&
    requires(const M& model, std::span<const text::TokenId> tokens, std::span<const int> types,
             const tensor::PackedBatch& batch, const typename M::State& states) {
  { model.embed(tokens, types, batch) } -> std::same_as<typename M::State>;
  { model.head().logits(states) } -> std::same_as<typename M::Backend::Buffer>;
};

/// For embed(): throws Error unless there is a token for each row of the batch.
inline void require_token_for_each_row(std::size_t tokens, const tensor::PackedBatch& batch) {
  if (tokens != batch.rows())
    throw Error("expected a token for each of the " + std::to_string(batch.rows()) +
                " rows of the batch, found " + std::to_string(tokens) + " tokens");
}

}  // namespace painters::models
