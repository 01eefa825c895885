// A layer of a transformer: attention and a feed-forward network with their residual connections.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include <painters/error.hpp>
#include <painters/layers/attention.hpp>
#include <painters/layers/feed_forward.hpp>
#include <painters/layers/hidden_states.hpp>
#include <painters/layers/norm.hpp>
#include <painters/layers/parts.hpp>
#include <painters/layers/taps.hpp>
#include <painters/plan/node.hpp>

namespace painters::layers {

/// Where a block's normalisations and additions are.
enum class Arrangement {
  pre_norm,  // h += attention(norm(h)); h += ffn(norm(h)): Llama, Mistral, Qwen
  parallel,  // h += attention(norm(h)) + ffn(norm(h)): GPT-NeoX
  post_norm  // h = norm(h + attention(h)); h = norm(h + ffn(h)): BERT
};

/// Can be called as a whole, or one part of layers/parts.hpp at a time.
template <backend::Backend B>
class TransformerBlock {
 public:
  /// All have the same hidden size; each norm belongs to its part.
  TransformerBlock(Arrangement arrangement, Norm<B> attention_norm, Attention<B> self_attention,
                   Norm<B> ffn_norm, FeedForward<B> feed_forward)
      : arrangement_(arrangement),
        attention_norm_(std::move(attention_norm)),
        ffn_norm_(std::move(ffn_norm)),
        attention_(std::move(self_attention)),
        feed_forward_(std::move(feed_forward)) {}

  /// Two: layers::attention and layers::ffn.
  static constexpr Part parts() { return transformer_parts.size(); }
  /// What plans call them.
  static constexpr const auto& part_names() { return transformer_parts; }
  /// Whether attention followed by feed-forward is the whole layer. For a parallel block the sum of
  /// both is: sum(i.attention, i.ffn).
  bool parts_in_sequence() const { return arrangement_ != Arrangement::parallel; }

  /// The whole layer, in place, for all rows.
  void operator()(HiddenStates<B>& x) const { apply(whole, x); }
  /// One part, or the whole layer.
  void apply(Part part, HiddenStates<B>& x) const {
    run(part, x, x.batch().all_rows(), x.values());
  }

  /// What the layer makes of some rows of x, in ascending order, without the work for others:
  /// y [rows, hidden_size], in different memory.
  void apply_at(Part part, const HiddenStates<B>& x, std::span<const std::size_t> rows,
                typename B::Matrix y) const {
    if (!std::ranges::is_sorted(rows))
      throw UsageError("expected rows in ascending order, found others: sort them");
    if (x.taps()) {  // which see all rows
      HiddenStates<B> all = x;
      apply(part, all);
      take_rows(std::as_const(all), rows, y);
      return;
    }
    take_rows(x, rows, y);
    run(part, x, rows, y);
  }

  /// Bytes that a call takes for each row of a pass, besides the states.
  std::size_t bytes_per_row() const { return attention_.bytes_per_row(); }
  /// The same where the state has taps: all rows are in one block.
  std::size_t bytes_per_row_with_taps() const {
    const std::size_t n = feed_forward_.intermediate_size;
    return bytes_per_row() + sizeof(float) * (feed_forward_.gated ? 3 * n : n) +
           sizeof(float) * 4 * attention_norm_.weight.size();
  }

  /// Its pieces, whose weights download() of the backend and Linear::values() give in f32.
  ///@{
  Arrangement arrangement() const { return arrangement_; }
  const Norm<B>& attention_norm() const { return attention_norm_; }
  const Norm<B>& ffn_norm() const { return ffn_norm_; }
  const Attention<B>& self_attention() const { return attention_; }
  const FeedForward<B>& feed_forward() const { return feed_forward_; }
  ///@}

 private:
  bool norms_first() const { return arrangement_ != Arrangement::post_norm; }

  /// y: these rows of x, perhaps x itself; changed in place.
  void run(Part part, const HiddenStates<B>& x, std::span<const std::size_t> rows,
           typename B::Matrix y) const {
    if (part > parts())
      throw UsageError("expected part 1 (attention), 2 (ffn) or 0 for both, found " +
                       std::to_string(part));
    if (attention_norm_.weight.size() != x.values().cols)
      throw Error("expected states of " + std::to_string(attention_norm_.weight.size()) +
                  " values, found " + std::to_string(x.values().cols) +
                  ": run states over the model that has embedded them");
    B& backend = x.backend();
    const MaybeTaps<B> tap{x.taps(), x.batch()};
    auto scratch = backend.workspace();
    typename B::Matrix attended;
    std::optional<typename Linear<B>::Open> output;
    std::optional<typename FeedForward<B>::Open> feed_forward;
    if (part != layers::ffn) {
      attended = scratch.matrix(rows.size(), attention_.shape.query_size());
      attention_.attend(x, norms_first() ? &attention_norm_ : nullptr, rows, attended);
      output.emplace(attention_.output.open(backend));
    }
    if (part != layers::attention) feed_forward.emplace(feed_forward_.open(backend));

    for_rows<B>(
        backend, tap, y.rows,
        {output ? &output->weight : nullptr, feed_forward ? &feed_forward->up.weight : nullptr,
         feed_forward ? &feed_forward->down.weight : nullptr},
        [&](std::size_t first, std::size_t count, typename B::Lane& lane) {
          const typename B::Matrix block = y.middle_rows(first, count);
          const auto of_attention = [&] {
            const typename B::Matrix update = lane.matrix(count, block.cols);
            (*output)(lane, attended.middle_rows(first, count), update);
            tap(HookPoint::attn_out, update);
            return update;
          };
          const auto of_feed_forward = [&] {
            typename B::ConstMatrix input = block;
            if (norms_first()) {
              const typename B::Matrix normed = lane.matrix(count, block.cols);
              ffn_norm_(lane, block, normed);
              tap(HookPoint::ln2, normed);
              input = normed;
            }
            const typename B::Matrix update = lane.matrix(count, block.cols);
            feed_forward_(lane, *feed_forward, input, update, tap);
            tap(HookPoint::mlp_out, update);
            return update;
          };
          const auto add = [&](typename B::ConstMatrix update, const Norm<B>& norm,
                               HookPoint of_norm) {
            lane.add_scaled(block, 1.0f, update);
            if (norms_first()) return;
            norm(lane, block, block);
            tap(of_norm, block);
          };
          if (arrangement_ == Arrangement::parallel && output && feed_forward) {
            const typename B::Matrix both = of_feed_forward();
            lane.add_scaled(both, 1.0f, of_attention());
            lane.add_scaled(block, 1.0f, both);
            return;
          }
          if (output) add(of_attention(), attention_norm_, HookPoint::ln1);
          if (output && feed_forward) tap(HookPoint::resid_mid, block);
          if (feed_forward) add(of_feed_forward(), ffn_norm_, HookPoint::ln2);
        });
  }

  Arrangement arrangement_;
  Norm<B> attention_norm_, ffn_norm_;
  Attention<B> attention_;
  FeedForward<B> feed_forward_;
};

}  // namespace painters::layers
