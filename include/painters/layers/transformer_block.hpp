// A layer of a Llama-like transformer: attention, then feed-forward, each added to the state.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include <painters/error.hpp>
#include <painters/layers/attention.hpp>
#include <painters/layers/hidden_states.hpp>
#include <painters/layers/swiglu.hpp>
#include <painters/pipeline/concepts.hpp>
#include <painters/plan/node.hpp>

namespace painters::layers {

/// h += attention(norm(h)); h += feed_forward(norm(h)).
template <backend::Backend B>
class TransformerBlock {
 public:
  TransformerBlock(Attention<B> attention, SwiGlu<B> feed_forward)
      : attention_(std::move(attention)), feed_forward_(std::move(feed_forward)) {}

  /// Part::attention and Part::ffn; one after the other they are the whole layer.
  static constexpr Part parts() { return 2; }
  static constexpr bool parts_in_sequence() { return true; }

  void operator()(HiddenStates<B>& x) const { run(x, true, true); }
  void apply(Part part, HiddenStates<B>& x) const {
    run(x, part != painters::ffn, part != painters::attention);
  }

 private:
  void run(HiddenStates<B>& x, bool with_attention, bool with_feed_forward) const {
    B& backend = x.backend();
    const std::size_t rows = x.values().rows;
    auto scratch = backend.workspace();
    tensor::Matrix attended;
    std::optional<typename B::OpenWeight> output;
    std::optional<typename SwiGlu<B>::Open> feed_forward;
    if (with_attention) {
      attended = scratch.matrix(rows, attention_.shape.query_size());
      attention_.attend(x, attended);
      output = backend.open(attention_.output);
    }
    if (with_feed_forward) feed_forward = feed_forward_.open(backend);
    backend.for_row_blocks(
        rows, [&](std::size_t first, std::size_t count, typename B::Workspace& workspace) {
          const tensor::Matrix block = x.values().middle_rows(first, count);
          if (output) backend.product_add(attended.middle_rows(first, count), *output, block);
          if (feed_forward) feed_forward_.add_to(block, *feed_forward, backend, workspace);
        });
  }

  Attention<B> attention_;
  SwiGlu<B> feed_forward_;
};

}  // namespace painters::layers
