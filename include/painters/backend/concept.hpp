// The Backend concept: the operations that layers are written against.
//
// A backend is a policy type with memory of its own. Layers name matrices, open the weights that
// they need and say what happens to a block of rows (tokens); how large blocks are, which threads
// or queues take them and where memory lies is up to the backend. Nothing above a backend reads an
// element of its matrices: host data crosses the border in the operations that are listed as such.
//
// Order and lifetimes. What a thread asks for takes effect in that order, a for_row_blocks with all
// of its blocks as one request, though a call may come back before its work is done. By then it has
// read the values, ids and rows that the host gave it, and what the backend made may be destroyed
// with work on it still under way. A backend outlives what it makes and is not moved meanwhile.
// Several threads may use it at the same time, each with matrices of its own.
//
// Aliasing. What an operation writes shares no memory with what it reads unless its line says so.
// Views may have gaps between their rows, and no rows at all.
//
// Types:
//
//   Matrix, ConstMatrix   views of f32 [rows, cols], row after row, with the members rows, cols,
//                         middle_rows(first, count) and middle_cols(first, count); the first
//                         converts to the second
//   Buffer                owns a matrix: rows(), cols(), view(); a copy copies the elements
//   Vector                f32 values that are packed once, such as biases: copyable, size(), empty
//                         by default
//   Batch                 a tensor::PackedBatch that is ready for operations; must not outlive it
//   PackedWeight          a weight in a form of the backend's own (f32 panels, int8, device
//                         memory): movable
//   OpenWeight            the same, ready for products while it lives; one for each layer call:
//                         move-constructible
//   Likelihoods           of one token for each row, a TokenLikelihood each, built up slice by
//                         slice of the vocabulary
//   Workspace             scratch for one call of a layer: matrix(rows, cols), uninitialised
//   Lane                  what a block of rows is given: scratch, matrix(rows, cols), that lasts as
//                         long as the block, and the operations on it
//
// Memory:
//
//   buffer(rows, cols)             an uninitialised Buffer
//   vector(values)                 a Vector of host values
//   batch(packed)                  a Batch
//   pack(stacked)                  a PackedWeight of the outputs of all parts, one part after the
//                                  other; the bytes that it views must outlive it.
//                                  tensor::dequantize_row reads an output
//   open(packed)                   an OpenWeight
//   workspace()                    a Workspace
//   likelihoods(targets)           Likelihoods of these tokens, before any slice
//
// The border:
//
//   upload(host, y)                y = host, a tensor::ConstMatrix
//   download(x, host)              host = x, after everything that changes x is done
//   download(likelihoods)          a std::vector<TokenLikelihood>, likewise
//   download(vector)               its values, a std::vector<float>
//   download(packed)               a PackedWeight in f32, a tensor::Buffer [outputs, inputs]
//   embed(table, ids, y)           row i of y is row ids[i] of a tensor::Weight, in f32
//   dot(x, y)                      the sum of x_i y_i, in double
//   is_finite(x)                   whether no element is NaN or infinite
//   synchronise()                  returns when everything requested so far is done
//
// Operations on whole matrices, which all of the backend's threads or queues share:
//
//   copy(x, y)                     y = x
//   gather(x, rows, y)             row i of y is row rows[i] of x
//   scale(x, a)                    x *= a
//   add_scaled(x, a, y)            x += a y
//   attention(q, k, v, batch, queries, shape, y)
//                                  softmax(q k^T / sqrt(head_dim)) v for some rows of the batch,
//                                  `queries`, in ascending order: row i of y is for row queries[i]
//                                  of q. q, k and v have all rows of the batch. A token sees those
//                                  in the batch.chain() of its segment for which
//                                  shape.sees() holds, by their positions
//   for_row_blocks(rows, weights, f)
//                                  f(first, count, lane) for blocks that have each row once and
//                                  are not empty, maybe at the same time, with a Lane for each; f
//                                  works on its block with its lane only. What f throws is thrown
//                                  on. `weights`: a std::initializer_list of pointers to the open
//                                  weights that f multiplies by; null ones count for nothing
//   for_all_rows(rows, weights, f) the same with one block of all rows, in the thread that asks,
//                                  and a lane that all threads or queues share, so that f may
//                                  stop between its operations and look at what they gave
//
// Operations of a lane, on the rows of its block:
//
//   product(x, w, y)               y = x W^T; x [rows, in], y [rows, out]; w is one of the weights
//                                  that were given to for_row_blocks
//   add_bias(x, bias)              x += bias, to every row
//   rms_norm(x, weight, eps, y)    y = x / sqrt(mean(x^2) + eps) * weight; y may be x. A weight
//                                  shorter than a row normalises each run of its length by itself
//   layer_norm(x, weight, bias, eps, y)
//                                  y = (x - mean(x)) / sqrt(variance(x) + eps) * weight + bias;
//                                  y may be x. Runs as for rms_norm
//   rotary(x, heads, head_dim, table, batch, first)
//                                  split-half rotary embedding in place. x are the batch's rows
//                                  from `first` on; of each, the first `heads` runs of head_dim
//                                  columns are turned, and of a run as many columns as the table
//                                  has, 2n: of columns i and i + n, (a, b) becomes
//                                  (a cos - b sin, b cos + a sin). table [position, 2n] holds n
//                                  cosines, then n sines
//   gate(f, gate_up, y)            y = f(gate) * up; gate_up [rows, 2 n]: gate, then up
//   activate(f, x)                 x = f(x), element by element
//   add_scaled(x, a, y)            x += a y
//   token_likelihoods(logits, first_id, likelihoods, first)
//                                  takes logits [rows, ids] of tokens first_id .. into the
//                                  likelihoods of the rows from `first` on, as
//                                  TokenLikelihood::merge does
//
// A backend describes itself by name() ("oneDNN 2.6.3, compiled for avx2"), precision() ("f32":
// what its products compute in) and threads(), which stored results name as their origin.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <painters/backend/activation.hpp>
#include <painters/backend/attention.hpp>
#include <painters/backend/token_likelihood.hpp>
#include <painters/tensor/buffer.hpp>
#include <painters/tensor/matrix.hpp>
#include <painters/tensor/packed_batch.hpp>
#include <painters/tensor/weight.hpp>

namespace painters::backend {

namespace detail {

struct AnyBlock {  // what for_row_blocks calls, seen from the concept
  template <class Lane>
  void operator()(std::size_t, std::size_t, Lane&) const {}
};

template <class M>
concept View = std::copyable<M> && std::default_initializable<M> &&
    requires(const M m, std::size_t n) {
  { m.rows } -> std::convertible_to<std::size_t>;
  { m.cols } -> std::convertible_to<std::size_t>;
  { m.middle_rows(n, n) } -> std::same_as<M>;
  { m.middle_cols(n, n) } -> std::same_as<M>;
};

template <class B>
concept Memory = View<typename B::Matrix> && View<typename B::ConstMatrix> &&
    std::convertible_to<typename B::Matrix, typename B::ConstMatrix> &&
    std::copyable<typename B::Buffer> && std::semiregular<typename B::Vector> &&
    std::movable<typename B::PackedWeight> && std::move_constructible<typename B::OpenWeight> &&
    requires(typename B::Buffer& buffer, const typename B::Buffer& constant,
             const typename B::Vector& vector, typename B::Workspace& workspace, std::size_t n) {
  { buffer.view() } -> std::same_as<typename B::Matrix>;
  { constant.view() } -> std::same_as<typename B::ConstMatrix>;
  { constant.rows() } -> std::convertible_to<std::size_t>;
  { constant.cols() } -> std::convertible_to<std::size_t>;
  { vector.size() } -> std::convertible_to<std::size_t>;
  { workspace.matrix(n, n) } -> std::same_as<typename B::Matrix>;
};

/// The operations of a lane.
template <class B>
concept Lanes = requires(typename B::Lane& lane, typename B::ConstMatrix x, typename B::Matrix y,
                         const typename B::OpenWeight& w, const typename B::Vector& vector,
                         const typename B::Batch& batch, typename B::Likelihoods& likelihoods,
                         std::size_t n) {
  { lane.matrix(n, n) } -> std::same_as<typename B::Matrix>;
  lane.product(x, w, y);
  lane.add_bias(y, vector);
  lane.rms_norm(x, vector, 1e-5f, y);
  lane.layer_norm(x, vector, vector, 1e-5f, y);
  lane.rotary(y, n, n, x, batch, n);
  lane.gate(Activation::silu, x, y);
  lane.activate(Activation::gelu, y);
  lane.add_scaled(y, 1.0f, x);
  lane.token_likelihoods(x, std::int32_t{}, likelihoods, n);
};

}  // namespace detail

/// The operations that layers are written against; the head of backend/concept.hpp says what each
/// does.
template <class B>
concept Backend = detail::Memory<B> && detail::Lanes<B> &&
    requires(B b, const B& said, const typename B::PackedWeight& packed,
             const typename B::OpenWeight& w, const typename B::Vector& vector,
             typename B::ConstMatrix x, typename B::Matrix y, tensor::ConstMatrix host,
             tensor::Matrix to_host, std::span<const float> values,
             std::span<const std::int32_t> ids, const tensor::PackedBatch& texts,
             const typename B::Batch& batch, std::span<const std::size_t> rows,
             const AttentionShape& shape, const typename B::Likelihoods& likelihoods,
             const tensor::StackedWeight& stacked, const tensor::Weight& table, std::size_t n) {
  { said.name() } -> std::convertible_to<std::string>;
  { said.precision() } -> std::convertible_to<std::string>;
  { said.threads() } -> std::convertible_to<std::size_t>;
  { b.buffer(n, n) } -> std::same_as<typename B::Buffer>;
  { b.vector(values) } -> std::same_as<typename B::Vector>;
  { b.batch(texts) } -> std::same_as<typename B::Batch>;
  { b.pack(stacked) } -> std::same_as<typename B::PackedWeight>;
  { b.open(packed) } -> std::same_as<typename B::OpenWeight>;
  { b.workspace() } -> std::same_as<typename B::Workspace>;
  { b.likelihoods(ids) } -> std::same_as<typename B::Likelihoods>;
  b.upload(host, y);
  b.download(x, to_host);
  { b.download(likelihoods) } -> std::same_as<std::vector<TokenLikelihood>>;
  { b.download(vector) } -> std::same_as<std::vector<float>>;
  { b.download(packed) } -> std::same_as<tensor::Buffer>;
  b.embed(table, ids, y);
  { b.dot(x, x) } -> std::same_as<double>;
  { b.is_finite(x) } -> std::same_as<bool>;
  b.synchronise();
  b.copy(x, y);
  b.gather(x, rows, y);
  b.scale(y, 1.0f);
  b.add_scaled(y, 1.0f, x);
  b.attention(x, x, x, batch, rows, shape, y);
  b.for_row_blocks(n, {&w}, detail::AnyBlock{});
  b.for_all_rows(n, {&w}, detail::AnyBlock{});
};

}  // namespace painters::backend
