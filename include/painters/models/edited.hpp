// A model with some of its layers exchanged; everything else, weights too, stays the model's.
//
//   const auto edited = models::with_part(model, 5, layers::ffn, my_feed_forward);
//   const auto both = models::with_layer(edited, 6, my_layer);
//   Scorer scorer(both);
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <utility>

#include <painters/error.hpp>
#include <painters/layers/exchanged_part.hpp>
#include <painters/layers/parts.hpp>
#include <painters/layers/transformer_block.hpp>
#include <painters/models/concepts.hpp>
#include <painters/pipeline/any_layer.hpp>
#include <painters/pipeline/concepts.hpp>
#include <painters/pipeline/network.hpp>
#include <painters/plan/node.hpp>
#include <painters/tensor/packed_batch.hpp>
#include <painters/text/token.hpp>

namespace painters::models {

/// Throws UsageError unless a model of so many layers has layer i.
inline void require_layer(std::size_t i, std::size_t layers) {
  if (i >= layers)
    throw UsageError("expected a layer below " + std::to_string(layers) +
                     ", as many as the model has, found " + std::to_string(i));
}

/// The layers of a network, of which some stand in for those of the same number.
template <Network Net, class S>
class EditedLayers {
 public:
  /// `net` must outlive this.
  explicit EditedLayers(const Net& net) : net_(&net) {}

  /// As many as `net` has.
  std::size_t size() const { return net_->size(); }
  /// Calls f with layer i, which must be less than size().
  template <class F>
  void visit(std::size_t i, F&& f) const {
    if (const auto found = own_.find(i); found != own_.end())
      f(found->second);
    else
      net_->visit(i, f);
  }

  /// Whether any layer is exchanged.
  bool any_own() const { return !own_.empty(); }
  /// Whether layer i is exchanged.
  bool has_own(std::size_t i) const { return own_.contains(i); }
  /// Puts a layer in the place of layer i. Throws UsageError if there is none.
  void exchange(std::size_t i, AnyLayer<S> layer) {
    require_layer(i, size());
    own_.insert_or_assign(i, std::move(layer));
  }

 private:
  const Net* net_;
  std::map<std::size_t, AnyLayer<S>> own_;
};

/// See with_layer and with_part. A model as models/concepts.hpp describes it.
template <Model M>
class Edited {
 public:
  using Base = M;                                          // what was edited
  using Backend = typename M::Backend;                     // as of the model
  using State = typename M::State;                         // likewise
  using Layers = EditedLayers<typename M::Layers, State>;  // what plans run over
  static constexpr bool is_causal = M::is_causal;          // likewise

  /// Nothing is exchanged yet. `model` must outlive this.
  explicit Edited(const M& model)
      : model_(&model), layers_(model.layers()), bytes_per_row_(model.bytes_per_row()) {}
  explicit Edited(const M&&) = delete;

  ///@{ As of the model.
  const auto& config() const { return model_->config(); }
  const auto& head() const { return model_->head(); }
  Backend& backend() const { return model_->backend(); }
  void check(std::span<const text::TokenId> tokens) const { model_->check(tokens); }
  State embed(std::span<const text::TokenId> tokens,
              tensor::PackedBatch batch) const requires LanguageModel<M> {
    return model_->embed(tokens, std::move(batch));
  }
  State embed(std::span<const text::TokenId> tokens, std::span<const int> token_types,
              tensor::PackedBatch batch) const requires Encoder<M> {
    return model_->embed(tokens, token_types, std::move(batch));
  }
  std::size_t bytes_per_row_with_taps() const {
    if constexpr (requires { model_->bytes_per_row_with_taps(); })
      return std::max(bytes_per_row_, model_->bytes_per_row_with_taps());
    else
      return bytes_per_row_;
  }
  ///@}

  /// The model before it was edited.
  const M& base() const { return *model_; }
  /// With what was exchanged.
  const Layers& layers() const { return layers_; }
  /// Bytes that a call of a layer takes for each row of a pass, as far as the layers say.
  std::size_t bytes_per_row() const { return bytes_per_row_; }

  /// Puts a layer in the place of layer i; see with_layer.
  template <Layer<State> L>
  void exchange(std::size_t i, L layer) {
    if constexpr (requires { layer.bytes_per_row(); })
      bytes_per_row_ = std::max(bytes_per_row_, std::size_t{layer.bytes_per_row()});
    layers_.exchange(i, std::move(layer));
  }

 private:
  const M* model_;
  Layers layers_;
  std::size_t bytes_per_row_;
};

namespace detail {

template <class M>
inline constexpr bool is_edited = false;
template <class M>
inline constexpr bool is_edited<Edited<M>> = true;

template <class M>
auto editable(const M& model) {
  if constexpr (is_edited<M>)
    return model;
  else
    return Edited<M>(model);
}

/// Finds the block whose part is to be exchanged.
template <class B>
struct FindBlock {
  const layers::TransformerBlock<B>*& found;
  void operator()(const layers::TransformerBlock<B>& block) const { found = &block; }
  template <class L>
  void operator()(const L&) const {}
};

}  // namespace detail

/// The model with `layer` in the place of layer i: anything callable as layer(x) with a
/// M::State& x, see pipeline/concepts.hpp. In a causal model it must be causal, too: what it makes
/// of a token must not depend on later ones. Throws UsageError if the model has no layer i. The
/// model must outlive the result; the layer is copied.
template <Model M, class L>
auto with_layer(const M& model, std::size_t i, L layer) {
  static_assert(Layer<L, typename M::State>,
                "painters: with_layer(model, i, layer) takes a layer of the model's states: "
                "expected layer(x) to be callable for a const layer and a State& x, to change x in "
                "place and to return nothing");
  auto edited = detail::editable(model);
  if constexpr (Layer<L, typename M::State>) edited.exchange(i, std::move(layer));
  return edited;
}

/// The model with f in the place of a part of layer i, layers::attention or layers::ffn; see
/// layers::PartFunction. Throws UsageError if the model has no layer i, or if that is not a
/// transformer block: for both parts exchange the layer.
template <Model M, class F>
auto with_part(const M& model, std::size_t i, Part part, F f) {
  using B = typename M::Backend;
  static_assert(layers::PartFunction<F, B>,
                "painters: with_part(model, i, part, f) takes a function that writes what the part "
                "adds to the states: expected f(x, update) to be callable for a const f, a const "
                "State& x (or its values, a Backend::ConstMatrix) and a Backend::Matrix update");
  auto edited = detail::editable(model);
  if constexpr (layers::PartFunction<F, B>) {
    if (part != layers::attention && part != layers::ffn)
      throw UsageError("expected layers::attention or layers::ffn to be exchanged, found part " +
                       std::to_string(part));
    require_layer(i, edited.layers().size());
    const layers::TransformerBlock<B>* block = nullptr;
    edited.layers().visit(i, detail::FindBlock<B>{block});
    if (!block)
      throw UsageError("expected a transformer block whose part is exchanged, but layer " +
                       std::to_string(i) + " is another layer: exchange the whole layer");
    edited.exchange(i, layers::ExchangedPart<B, F>(*block, part, std::move(f)));
  }
  return edited;
}

///@{ A model that ends with the line.
template <Model M, class L>
requires(!detail::is_edited<M>) void with_layer(const M&&, std::size_t, L) = delete;
template <Model M, class F>
requires(!detail::is_edited<M>) void with_part(const M&&, std::size_t, Part, F) = delete;
///@}

}  // namespace painters::models
