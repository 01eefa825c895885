// The Backend concept: the operations that layers are written against.
//
// A backend is a policy type. Layers name their matrices, open the weights that they need and
// describe what happens to a block of rows (tokens); how large blocks are, which threads take them
// and where memory lies is the backend's.
//
//   Buffer buffer(rows, cols)      owned state memory, copyable; .view() gives a tensor::Matrix
//   Workspace workspace()          scratch for one call of a layer: .matrix(rows, cols)
//   PackedWeight pack(stacked)     a weight in a type of the backend's own (f32 panels, int8,
//                                  device memory); the bytes that it views must outlive it
//   OpenWeight open(packed)        ready for products while it lives; one for each layer call
//   for_row_blocks(rows, f)        f(first, count, workspace) for disjoint blocks of rows, maybe
//                                  at the same time; f works on its block with its workspace only
//
// Operations take row-major f32 views, of all rows or, inside for_row_blocks, of its block:
//
//   product(x, w, y)               y = x W^T; x [rows, in], y [rows, out], different memory
//   add_bias(x, bias)              x += bias, to every row
//   rms_norm(x, weight, eps, y)    y = x / sqrt(mean(x^2) + eps) * weight; y may be x. A weight
//                                  shorter than a row normalises each run of its length by itself
//   layer_norm(x, weight, bias, eps, y)
//                                  y = (x - mean(x)) / sqrt(variance(x) + eps) * weight + bias;
//                                  y may be x. Runs as for rms_norm
//   rotary(x, heads, head_dim, table, at)
//                                  split-half rotary embedding in place, over the first columns of
//                                  each of the first heads, as many as the table has; table
//                                  [position, columns] holds cosines, then sines; at: the position
//                                  of each row
//   gate(f, gate_up, y)            y = f(gate) * up; gate_up [rows, 2 n]: gate, then up
//   activate(f, x)                 x = f(x), element by element
//   scale(x, a)                    x *= a
//   add_scaled(x, a, y)            x += a y
//   token_likelihoods(logits, first_id, rows)
//                                  takes logits [rows, ids] of tokens first_id .. into the rows
//
// and of all rows only:
//
//   attention(q, k, v, batch, queries, shape, y)
//                                  softmax(q k^T / sqrt(head_dim)) v over the batch's segments, for
//                                  the rows `queries`, in ascending order: a row of y for each. A
//                                  token sees those of its text that shape.sees() tells
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include <painters/backend/activation.hpp>
#include <painters/backend/attention.hpp>
#include <painters/backend/token_likelihood.hpp>
#include <painters/tensor/matrix.hpp>
#include <painters/tensor/packed_batch.hpp>
#include <painters/tensor/weight.hpp>

namespace painters::backend {

namespace detail {
struct AnyBlock {  // what for_row_blocks calls, seen from the concept
  template <class Workspace>
  void operator()(std::size_t, std::size_t, Workspace&) const {}
};
}  // namespace detail

/// The operations that layers are written against; the head of backend/concept.hpp says what each
/// does.
template <class B>
concept Backend = requires(B b, typename B::Workspace& scratch,
                           const typename B::PackedWeight& packed, const typename B::OpenWeight& w,
                           tensor::ConstMatrix x, tensor::Matrix y, std::span<const float> vector,
                           std::span<const std::uint32_t> positions,
                           const tensor::PackedBatch& batch, std::span<const std::size_t> queries,
                           const AttentionShape& shape, std::span<TokenLikelihood> likelihoods,
                           const tensor::StackedWeight& weight) {
  requires std::copyable<typename B::Buffer>;
  { b.buffer(std::size_t{}, std::size_t{}) } -> std::same_as<typename B::Buffer>;
  { b.workspace() } -> std::same_as<typename B::Workspace>;
  { scratch.matrix(std::size_t{}, std::size_t{}) } -> std::same_as<tensor::Matrix>;
  { b.pack(weight) } -> std::same_as<typename B::PackedWeight>;
  { b.open(packed) } -> std::same_as<typename B::OpenWeight>;
  b.for_row_blocks(std::size_t{}, detail::AnyBlock{});
  b.product(x, w, y);
  b.add_bias(y, vector);
  b.rms_norm(x, vector, 1e-5f, y);
  b.layer_norm(x, vector, vector, 1e-5f, y);
  b.rotary(y, std::size_t{}, std::size_t{}, x, positions);
  b.gate(Activation::silu, x, y);
  b.activate(Activation::gelu, y);
  b.attention(x, x, x, batch, queries, shape, y);
  b.scale(y, 1.0f);
  b.add_scaled(y, 1.0f, x);
  b.token_likelihoods(x, std::int32_t{}, likelihoods);
};

}  // namespace painters::backend
