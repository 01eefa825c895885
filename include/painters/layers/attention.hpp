// Grouped-query self-attention (Ainslie et al., 2023), with rotary or learned positions.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>

#include <painters/backend/concept.hpp>
#include <painters/layers/hidden_states.hpp>
#include <painters/layers/linear.hpp>
#include <painters/layers/norm.hpp>
#include <painters/layers/rotary_table.hpp>
#include <painters/layers/taps.hpp>

namespace painters::layers {

/// W_o attention(rotary(W_q n), rotary(W_k n), W_v n).
template <backend::Backend B>
struct Attention {
  Linear<B> query_key_value;                     // hidden_size -> queries, then keys, then values
  Linear<B> output;                              // queries -> hidden_size
  backend::AttentionShape shape;                 // heads, their size, what a token sees
  std::shared_ptr<const RotaryTable<B>> rotary;  // shared with the other layers; null for none
  std::optional<Norm<B>> query_norm = {};        // of each query head (QK-norm), before rotary
  std::optional<Norm<B>> key_norm = {};          // the same for the keys

  /// What the tokens of some rows, in ascending order, gather from those that they see, before the
  /// output projection: y [queries, shape.query_size()]. n = norm(x), or x where norm is null. All
  /// rows are asked for where x has taps.
  void attend(const HiddenStates<B>& x, const Norm<B>* norm, std::span<const std::size_t> queries,
              typename B::Matrix y) const {
    B& backend = x.backend();
    const std::size_t rows = x.values().rows, hidden_size = x.values().cols;
    if (rows == 0) return;
    const MaybeTaps<B> tap{x.taps(), x.batch()};
    std::shared_ptr<const typename B::Buffer> table;
    if (rotary) {
      const auto& positions = x.batch().positions();
      table = rotary->up_to(backend,
                            std::size_t{1} + *std::max_element(positions.begin(), positions.end()));
    }

    auto scratch = backend.workspace();
    const std::size_t q = shape.query_size(), kv = shape.key_value_size();
    const typename B::Matrix all = scratch.matrix(rows, q + 2 * kv);
    const auto weight = query_key_value.open(backend);
    for_rows<B>(backend, tap, rows, {&weight.weight},
                [&](std::size_t first, std::size_t count, typename B::Lane& lane) {
                  typename B::ConstMatrix input = x.values().middle_rows(first, count);
                  if (norm) {
                    const typename B::Matrix normed = lane.matrix(count, hidden_size);
                    (*norm)(lane, input, normed);
                    tap(HookPoint::ln1, normed);
                    input = normed;
                  }
                  const typename B::Matrix block = all.middle_rows(first, count);
                  weight(lane, input, block);
                  const typename B::Matrix all_queries = block.middle_cols(0, q);
                  const typename B::Matrix keys = block.middle_cols(q, kv);
                  tap(HookPoint::q, all_queries, shape.num_attention_heads);
                  tap(HookPoint::k, keys, shape.num_key_value_heads);
                  tap(HookPoint::v, block.middle_cols(q + kv, kv), shape.num_key_value_heads);
                  if (query_norm) (*query_norm)(lane, all_queries, all_queries);
                  if (key_norm) (*key_norm)(lane, keys, keys);
                  if (table)
                    lane.rotary(block, shape.num_attention_heads + shape.num_key_value_heads,
                                shape.head_dim, table->view(), x.ready_batch(), first);
                  tap(HookPoint::rot_q, all_queries, shape.num_attention_heads);
                  tap(HookPoint::rot_k, keys, shape.num_key_value_heads);
                });
    const typename B::ConstMatrix of_queries = all.middle_cols(0, q),
                                  of_keys = all.middle_cols(q, kv),
                                  of_values = all.middle_cols(q + kv, kv);
    if (tap && tap.taps->wants_pattern())
      tap.taps->attend(of_queries, of_keys, of_values, x.batch(), shape, y);
    else
      backend.attention(of_queries, of_keys, of_values, x.ready_batch(), queries, shape, y);
    tap(HookPoint::z, y, shape.num_attention_heads);
  }

  /// Bytes that a call takes for each row, besides states and blocks: queries, keys and values, and
  /// what attention gives.
  std::size_t bytes_per_row() const {
    return sizeof(float) * 2 * (shape.query_size() + shape.key_value_size());
  }
};

}  // namespace painters::layers
