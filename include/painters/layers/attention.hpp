// Grouped-query self-attention with rotary embedding (Ainslie et al., 2023), normalisation first.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include <painters/backend/concept.hpp>
#include <painters/layers/hidden_states.hpp>
#include <painters/layers/rms_norm.hpp>
#include <painters/layers/rotary_table.hpp>
#include <painters/tensor/matrix.hpp>

namespace painters::layers {

/// attention(rotary(W_q n), rotary(W_k n), W_v n), n = norm(x); the block projects it with `output`
/// and adds it to x.
template <backend::Backend B>
struct Attention {
  RmsNorm norm;                               // before the projections
  typename B::PackedWeight query_key_value;   // hidden_size -> queries, then keys, then values
  typename B::PackedWeight output;            // queries -> hidden_size
  backend::AttentionShape shape;              // heads and their size
  std::shared_ptr<const RotaryTable> rotary;  // shared with the other layers

  /// What the tokens of some rows, in ascending order, gather from those that they see, before the
  /// output projection: y [queries, shape.query_size()].
  void attend(const HiddenStates<B>& x, std::span<const std::size_t> queries,
              tensor::Matrix y) const {
    B& backend = x.backend();
    const std::span<const std::uint32_t> positions = x.batch().positions();
    const std::size_t rows = x.values().rows, hidden_size = x.values().cols;
    if (rows == 0) return;
    const auto table =
        rotary->up_to(std::size_t{1} + *std::max_element(positions.begin(), positions.end()));

    auto scratch = backend.workspace();
    const std::size_t q = shape.query_size(), kv = shape.key_value_size();
    const tensor::Matrix all = scratch.matrix(rows, q + 2 * kv);
    const auto weight = backend.open(query_key_value);
    backend.for_row_blocks(
        rows, [&](std::size_t first, std::size_t count, typename B::Workspace& workspace) {
          const tensor::Matrix normed = workspace.matrix(count, hidden_size);
          norm(backend, x.values().middle_rows(first, count), normed);
          const tensor::Matrix block = all.middle_rows(first, count);
          backend.product(normed, weight, block);
          backend.rotary(block, shape.num_attention_heads + shape.num_key_value_heads,
                         table->view(), positions.subspan(first, count));
        });
    backend.attention(all.middle_cols(0, q), all.middle_cols(q, kv), all.middle_cols(q + kv, kv),
                      x.batch(), queries, shape, y);
  }
};

}  // namespace painters::layers
