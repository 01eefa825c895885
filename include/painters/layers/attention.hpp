// Grouped-query self-attention (Ainslie et al., 2023), with rotary or learned positions.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include <painters/backend/concept.hpp>
#include <painters/layers/hidden_states.hpp>
#include <painters/layers/linear.hpp>
#include <painters/layers/norm.hpp>
#include <painters/layers/rotary_table.hpp>
#include <painters/tensor/buffer.hpp>
#include <painters/tensor/matrix.hpp>

namespace painters::layers {

/// W_o attention(rotary(W_q n), rotary(W_k n), W_v n).
template <backend::Backend B>
struct Attention {
  Linear<B> query_key_value;                  // hidden_size -> queries, then keys, then values
  Linear<B> output;                           // queries -> hidden_size
  backend::AttentionShape shape;              // heads, their size, what a token sees
  std::shared_ptr<const RotaryTable> rotary;  // shared with the other layers; null for none
  std::optional<Norm> query_norm = {};        // of each query head (QK-norm), before rotary
  std::optional<Norm> key_norm = {};          // the same for the keys

  /// What the tokens of some rows, in ascending order, gather from those that they see, before the
  /// output projection: y [queries, shape.query_size()]. n = norm(x), or x where norm is null.
  void attend(const HiddenStates<B>& x, const Norm* norm, std::span<const std::size_t> queries,
              tensor::Matrix y) const {
    B& backend = x.backend();
    const std::span<const std::uint32_t> positions = x.batch().positions();
    const std::size_t rows = x.values().rows, hidden_size = x.values().cols;
    if (rows == 0) return;
    std::shared_ptr<const tensor::Buffer> table;
    if (rotary)
      table = rotary->up_to(std::size_t{1} + *std::max_element(positions.begin(), positions.end()));

    auto scratch = backend.workspace();
    const std::size_t q = shape.query_size(), kv = shape.key_value_size();
    const tensor::Matrix all = scratch.matrix(rows, q + 2 * kv);
    const auto weight = query_key_value.open(backend);
    backend.for_row_blocks(
        rows, [&](std::size_t first, std::size_t count, typename B::Workspace& workspace) {
          tensor::ConstMatrix input = x.values().middle_rows(first, count);
          if (norm) {
            const tensor::Matrix normed = workspace.matrix(count, hidden_size);
            (*norm)(backend, input, normed);
            input = normed;
          }
          const tensor::Matrix block = all.middle_rows(first, count);
          weight(backend, input, block);
          const tensor::Matrix all_queries = block.middle_cols(0, q);
          const tensor::Matrix keys = block.middle_cols(q, kv);
          if (query_norm) (*query_norm)(backend, all_queries, all_queries);
          if (key_norm) (*key_norm)(backend, keys, keys);
          if (table)
            backend.rotary(block, shape.num_attention_heads + shape.num_key_value_heads,
                           shape.head_dim, table->view(), positions.subspan(first, count));
        });
    backend.attention(all.middle_cols(0, q), all.middle_cols(q, kv), all.middle_cols(q + kv, kv),
                      x.batch(), queries, shape, y);
  }
};

}  // namespace painters::layers
