// A layer of a Llama-like transformer: attention, then feed-forward, each added to the state.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <utility>

#include <painters/error.hpp>
#include <painters/layers/attention.hpp>
#include <painters/layers/hidden_states.hpp>
#include <painters/layers/swiglu.hpp>
#include <painters/plan/node.hpp>

namespace painters::layers {

/// h += attention(norm(h)); h += feed_forward(norm(h)).
template <backend::Backend B>
class TransformerBlock {
 public:
  /// Of the same hidden size.
  TransformerBlock(Attention<B> attention, SwiGlu<B> feed_forward)
      : attention_(std::move(attention)), feed_forward_(std::move(feed_forward)) {}

  /// Part::attention and Part::ffn; one after the other they are the whole layer.
  static constexpr Part parts() { return 2; }
  /// Attention, then feed-forward, is the layer: it is not a parallel block.
  static constexpr bool parts_in_sequence() { return true; }

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
  /// y: these rows of x, perhaps x itself; changed in place.
  void run(Part part, const HiddenStates<B>& x, std::span<const std::size_t> queries,
           tensor::Matrix y) const {
    B& backend = x.backend();
    auto scratch = backend.workspace();
    tensor::Matrix attended;
    std::optional<typename B::OpenWeight> output;
    std::optional<typename SwiGlu<B>::Open> feed_forward;
    if (part != painters::ffn) {
      attended = scratch.matrix(queries.size(), attention_.shape.query_size());
      attention_.attend(x, queries, attended);
      output = backend.open(attention_.output);
    }
    if (part != painters::attention) feed_forward = feed_forward_.open(backend);
    backend.for_row_blocks(
        y.rows, [&](std::size_t first, std::size_t count, typename B::Workspace& workspace) {
          const tensor::Matrix block = y.middle_rows(first, count);
          if (output) backend.product_add(attended.middle_rows(first, count), *output, block);
          if (feed_forward) feed_forward_.add_to(block, *feed_forward, backend, workspace);
        });
  }

  Attention<B> attention_;
  SwiGlu<B> feed_forward_;
};

}  // namespace painters::layers
