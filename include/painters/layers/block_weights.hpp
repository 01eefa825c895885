// The weights of a block, read back from the backend.
#pragma once

#include <cstddef>

#include <painters/backend/concept.hpp>
#include <painters/layers/host_weights.hpp>
#include <painters/layers/linear.hpp>
#include <painters/layers/norm.hpp>
#include <painters/layers/transformer_block.hpp>
#include <painters/tensor/buffer.hpp>
#include <painters/tensor/matrix.hpp>

namespace painters::layers {

namespace detail {

/// Outputs first .. first + count - 1 of a stacked weight.
inline LinearWeights middle_outputs(const LinearWeights& stacked, std::size_t first,
                                    std::size_t count) {
  LinearWeights part{tensor::Buffer(count, stacked.weight.cols()), {}};
  tensor::copy(stacked.weight.view().middle_rows(first, count), part.weight.view());
  if (!stacked.bias.empty()) {
    const auto begin = stacked.bias.begin() + static_cast<std::ptrdiff_t>(first);
    part.bias.assign(begin, begin + static_cast<std::ptrdiff_t>(count));
  }
  return part;
}

}  // namespace detail

/// All weights of a block, dequantised.
template <backend::Backend B>
BlockWeights weights(const TransformerBlock<B>& block, B& backend) {
  const auto of_linear = [&](const Linear<B>& linear) {
    return LinearWeights{backend.download(linear.weight), backend.download(linear.bias)};
  };
  const auto of_norm = [&](const Norm<B>& norm) {
    return NormWeights{backend.download(norm.weight), backend.download(norm.bias)};
  };
  const Attention<B>& of_heads = block.self_attention();
  const FeedForward<B>& feed_forward = block.feed_forward();
  const std::size_t q = of_heads.shape.query_size(), kv = of_heads.shape.key_value_size();
  const std::size_t n = feed_forward.intermediate_size;
  const LinearWeights qkv = of_linear(of_heads.query_key_value);
  BlockWeights all;
  all.attention_norm = of_norm(block.attention_norm());
  if (of_heads.query_norm) all.query_norm = of_norm(*of_heads.query_norm);
  if (of_heads.key_norm) all.key_norm = of_norm(*of_heads.key_norm);
  all.query = detail::middle_outputs(qkv, 0, q);
  all.key = detail::middle_outputs(qkv, q, kv);
  all.value = detail::middle_outputs(qkv, q + kv, kv);
  all.output = of_linear(of_heads.output);
  all.ffn_norm = of_norm(block.ffn_norm());
  all.up = of_linear(feed_forward.up);
  if (feed_forward.gated) {
    all.gate = detail::middle_outputs(all.up, 0, n);
    all.up = detail::middle_outputs(all.up, n, n);
  }
  all.down = of_linear(feed_forward.down);
  return all;
}

}  // namespace painters::layers
