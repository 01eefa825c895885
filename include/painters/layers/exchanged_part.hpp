// A transformer block with somebody's own attention or feed-forward network in it; norms, residual
// connections and the other part stay the block's.
#pragma once

#include <cstddef>
#include <utility>

#include <painters/backend/concept.hpp>
#include <painters/layers/hidden_states.hpp>
#include <painters/layers/hook_point.hpp>
#include <painters/layers/norm.hpp>
#include <painters/layers/parts.hpp>
#include <painters/layers/taps.hpp>
#include <painters/layers/transformer_block.hpp>
#include <painters/plan/node.hpp>

namespace painters::layers {

namespace detail {

template <class F, class B>
concept PartOfStates = requires(const F& f, const HiddenStates<B>& x, typename B::Matrix update) {
  f(x, update);
};
template <class F, class B>
concept PartOfValues = requires(const F& f, typename B::ConstMatrix x, typename B::Matrix update) {
  f(x, update);
};

}  // namespace detail

/// What can stand in for a part: f(x, update) writes what the part adds to the state. x: the
/// states, normalised where the block normalises first, as HiddenStates or as their values [rows,
/// hidden_size]; update [rows, hidden_size] is not initialised.
template <class F, class B>
concept PartFunction = detail::PartOfStates<F, B> || detail::PartOfValues<F, B>;

/// A layer that can be called as TransformerBlock can.
template <backend::Backend B, PartFunction<B> F>
class ExchangedPart {
 public:
  /// `part`: attention or ffn, in whose place f stands. The block must outlive this.
  ExchangedPart(const TransformerBlock<B>& block, Part part, F f)
      : block_(&block), part_(part), f_(std::move(f)) {}

  ///@{ As of the block.
  static constexpr Part parts() { return TransformerBlock<B>::parts(); }
  static constexpr const auto& part_names() { return TransformerBlock<B>::part_names(); }
  bool parts_in_sequence() const { return block_->parts_in_sequence(); }
  void operator()(HiddenStates<B>& x) const { apply(whole, x); }
  ///@}

  /// One part, or the whole layer.
  void apply(Part part, HiddenStates<B>& x) const {
    if (part == part_) return add(update_of(x), x);
    if (part != whole) return block_->apply(part, x);
    if (!parts_in_sequence()) {
      const typename B::Buffer update = update_of(x);
      block_->apply(other(), x);
      return add(update, x);
    }
    apply(attention, x);
    MaybeTaps<B>{x.taps(), x.batch()}(HookPoint::resid_mid, x.values());
    apply(ffn, x);
  }

 private:
  Part other() const { return part_ == attention ? ffn : attention; }
  bool attends() const { return part_ == attention; }
  const Norm<B>& norm() const { return attends() ? block_->attention_norm() : block_->ffn_norm(); }
  HookPoint after_norm() const { return attends() ? HookPoint::ln1 : HookPoint::ln2; }

  void normalise(HiddenStates<B>& x) const {
    const typename B::Matrix values = x.values();
    x.backend().for_row_blocks(values.rows, {},
                               [&](std::size_t first, std::size_t count, typename B::Lane& lane) {
                                 const typename B::Matrix block = values.middle_rows(first, count);
                                 norm()(lane, block, block);
                               });
    MaybeTaps<B>{x.taps(), x.batch()}(after_norm(), values);
  }

  typename B::Buffer update_of(const HiddenStates<B>& x) const {
    typename B::Buffer update = x.backend().buffer(x.values().rows, x.values().cols);
    if (block_->arrangement() == Arrangement::post_norm) {
      call(x, update.view());
    } else {
      HiddenStates<B> normed = x;
      normalise(normed);
      call(normed, update.view());
    }
    const HookPoint out = attends() ? HookPoint::attn_out : HookPoint::mlp_out;
    MaybeTaps<B>{x.taps(), x.batch()}(out, update.view());
    return update;
  }

  void call(const HiddenStates<B>& x, typename B::Matrix update) const {
    if constexpr (detail::PartOfStates<F, B>)
      f_(x, update);
    else
      f_(x.values(), update);
  }

  void add(const typename B::Buffer& update, HiddenStates<B>& x) const {
    x.backend().add_scaled(x.values(), 1.0f, update.view());
    if (block_->arrangement() == Arrangement::post_norm) normalise(x);
  }

  const TransformerBlock<B>* block_;
  Part part_;
  F f_;
};

}  // namespace painters::layers
