// A layer of a transformer: attention and a feed-forward network with their residual connections.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <utility>

#include <painters/layers/attention.hpp>
#include <painters/layers/feed_forward.hpp>
#include <painters/layers/hidden_states.hpp>
#include <painters/layers/norm.hpp>
#include <painters/layers/parts.hpp>
#include <painters/plan/node.hpp>

namespace painters::layers {

/// Where a block's normalisations and additions are.
enum class Arrangement {
  pre_norm,  // h += attention(norm(h)); h += ffn(norm(h)): Llama, Mistral, Qwen
  parallel,  // h += attention(norm(h)) + ffn(norm(h)): GPT-NeoX
  post_norm  // h = norm(h + attention(h)); h = norm(h + ffn(h)): BERT
};

/// Called whole or one of the parts of layers/parts.hpp at a time.
template <backend::Backend B>
class TransformerBlock {
 public:
  /// Of the same hidden size; each norm is the one of its part.
  TransformerBlock(Arrangement arrangement, Norm attention_norm, Attention<B> self_attention,
                   Norm ffn_norm, FeedForward<B> feed_forward)
      : arrangement_(arrangement),
        attention_norm_(std::move(attention_norm)),
        ffn_norm_(std::move(ffn_norm)),
        attention_(std::move(self_attention)),
        feed_forward_(std::move(feed_forward)) {}

  /// layers::attention and layers::ffn.
  static constexpr Part parts() { return transformer_parts.size(); }
  /// What plans call them.
  static constexpr const auto& part_names() { return transformer_parts; }
  /// Whether attention, then feed-forward, is the layer. Of a parallel block the sum of both is:
  /// sum(i.attention, i.ffn).
  bool parts_in_sequence() const { return arrangement_ != Arrangement::parallel; }

  /// The whole layer, in place, for all rows.
  void operator()(HiddenStates<B>& x) const { apply(whole, x); }
  /// One part, or the whole layer.
  void apply(Part part, HiddenStates<B>& x) const {
    run(part, x, x.batch().all_rows(), x.values());
  }

  /// What the layer makes of some rows of x, in ascending order, without the work for others:
  /// y [queries, hidden_size], memory of its own.
  void apply_at(Part part, const HiddenStates<B>& x, std::span<const std::size_t> queries,
                tensor::Matrix y) const {
    for (std::size_t i = 0; i < queries.size(); ++i)
      std::copy_n(x.values().row(queries[i]), y.cols, y.row(i));
    run(part, x, queries, y);
  }

 private:
  bool norms_first() const { return arrangement_ != Arrangement::post_norm; }

  /// y: these rows of x, perhaps x itself; changed in place.
  void run(Part part, const HiddenStates<B>& x, std::span<const std::size_t> queries,
           tensor::Matrix y) const {
    B& backend = x.backend();
    auto scratch = backend.workspace();
    tensor::Matrix attended;
    std::optional<typename Linear<B>::Open> output;
    std::optional<typename FeedForward<B>::Open> feed_forward;
    if (part != layers::ffn) {
      attended = scratch.matrix(queries.size(), attention_.shape.query_size());
      attention_.attend(x, norms_first() ? &attention_norm_ : nullptr, queries, attended);
      output = attention_.output.open(backend);
    }
    if (part != layers::attention) feed_forward = feed_forward_.open(backend);

    backend.for_row_blocks(
        y.rows, [&](std::size_t first, std::size_t count, typename B::Workspace& workspace) {
          const tensor::Matrix block = y.middle_rows(first, count);
          const auto of_attention = [&] {
            const tensor::Matrix update = workspace.matrix(count, block.cols);
            (*output)(backend, attended.middle_rows(first, count), update);
            return update;
          };
          const auto of_feed_forward = [&] {
            tensor::ConstMatrix input = block;
            if (norms_first()) {
              const tensor::Matrix normed = workspace.matrix(count, block.cols);
              ffn_norm_(backend, block, normed);
              input = normed;
            }
            const tensor::Matrix update = workspace.matrix(count, block.cols);
            feed_forward_(input, *feed_forward, backend, workspace, update);
            return update;
          };
          const auto add = [&](tensor::ConstMatrix update, const Norm& norm) {
            backend.add_scaled(block, 1.0f, update);
            if (!norms_first()) norm(backend, block, block);
          };
          if (arrangement_ == Arrangement::parallel && output && feed_forward) {
            const tensor::Matrix both = of_feed_forward();
            backend.add_scaled(both, 1.0f, of_attention());
            backend.add_scaled(block, 1.0f, both);
            return;
          }
          if (output) add(of_attention(), attention_norm_);
          if (feed_forward) add(of_feed_forward(), ffn_norm_);
        });
  }

  Arrangement arrangement_;
  Norm attention_norm_, ffn_norm_;
  Attention<B> attention_;
  FeedForward<B> feed_forward_;
};

}  // namespace painters::layers
