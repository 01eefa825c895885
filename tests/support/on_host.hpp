// The operations of any backend on matrices of the host, so that one test serves backends in main
// memory and devices alike. Where the backend's matrices are the host's, nothing is copied, and
// frames around them are checked.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <painters/backend/activation.hpp>
#include <painters/backend/attention.hpp>
#include <painters/backend/concept.hpp>
#include <painters/tensor/matrix.hpp>
#include <painters/tensor/packed_batch.hpp>
#include <painters/tensor/weight.hpp>

namespace support {

/// Every operation of a lane runs over blocks of rows here, as in the layers of a model.
template <painters::backend::Backend B>
class OnHost {
  using Matrix = painters::tensor::Matrix;
  using ConstMatrix = painters::tensor::ConstMatrix;
  using Activation = painters::backend::Activation;
  using Values = std::span<const float>;

 public:
  template <class... Arguments>
  explicit OnHost(Arguments... arguments) : backend_(arguments...) {}

  B& backend() { return backend_; }
  auto open(const painters::tensor::StackedWeight& weight) {
    return backend_.open(backend_.pack(weight));
  }

  void product(ConstMatrix x, const typename B::OpenWeight& w, Matrix y) {
    blocks(x, y, {&w},
           [&](auto& lane, auto in, auto out, std::size_t) { lane.product(in, w, out); });
  }
  void add_bias(Matrix x, Values bias) {
    const auto values = backend_.vector(bias);
    blocks(x, x, {}, [&](auto& lane, auto, auto out, std::size_t) { lane.add_bias(out, values); });
  }
  void rms_norm(ConstMatrix x, Values weight, float eps, Matrix y) {
    const auto values = backend_.vector(weight);
    blocks(x, y, {}, [&](auto& lane, auto in, auto out, std::size_t) {
      lane.rms_norm(in, values, eps, out);
    });
  }
  void layer_norm(ConstMatrix x, Values weight, Values bias, float eps, Matrix y) {
    const auto values = backend_.vector(weight), more = backend_.vector(bias);
    blocks(x, y, {}, [&](auto& lane, auto in, auto out, std::size_t) {
      lane.layer_norm(in, values, more, eps, out);
    });
  }
  void rotary(Matrix x, std::size_t heads, std::size_t head_dim, ConstMatrix table,
              const painters::tensor::PackedBatch& batch) {
    const In angles(backend_, table);
    const auto ready = backend_.batch(batch);
    blocks(x, x, {}, [&](auto& lane, auto, auto out, std::size_t first) {
      lane.rotary(out, heads, head_dim, angles.view, ready, first);
    });
  }
  void gate(Activation f, ConstMatrix gate_up, Matrix y) {
    blocks(gate_up, y, {},
           [&](auto& lane, auto in, auto out, std::size_t) { lane.gate(f, in, out); });
  }
  void activate(Activation f, Matrix x) {
    blocks(x, x, {}, [&](auto& lane, auto, auto out, std::size_t) { lane.activate(f, out); });
  }
  void lane_add_scaled(Matrix x, float a, ConstMatrix y) {
    blocks(y, x, {},
           [&](auto& lane, auto in, auto out, std::size_t) { lane.add_scaled(out, a, in); });
  }
  void token_likelihoods(ConstMatrix logits, std::int32_t first_id,
                         typename B::Likelihoods& likelihoods) {
    const In in(backend_, logits);
    backend_.for_row_blocks(
        logits.rows, {}, [&](std::size_t first, std::size_t count, typename B::Lane& lane) {
          lane.token_likelihoods(in.view.middle_rows(first, count), first_id, likelihoods, first);
        });
  }

  void scale(Matrix x, float a) {
    Out out(backend_, x);
    backend_.scale(out.view, a);
    out.finish();
  }
  void add_scaled(Matrix x, float a, ConstMatrix y) {
    const In in(backend_, y);
    Out out(backend_, x);
    backend_.add_scaled(out.view, a, in.view);
    out.finish();
  }
  void copy(ConstMatrix x, Matrix y) {
    const In in(backend_, x);
    Out out(backend_, y);
    backend_.copy(in.view, out.view);
    out.finish();
  }
  void gather(ConstMatrix x, std::span<const std::size_t> rows, Matrix y) {
    const In in(backend_, x);
    Out out(backend_, y);
    backend_.gather(in.view, rows, out.view);
    out.finish();
  }
  void embed(const painters::tensor::Weight& table, std::span<const std::int32_t> ids, Matrix y) {
    Out out(backend_, y);
    backend_.embed(table, ids, out.view);
    out.finish();
  }
  double dot(ConstMatrix x, ConstMatrix y) {
    const In a(backend_, x), b(backend_, y);
    return backend_.dot(a.view, b.view);
  }
  bool is_finite(ConstMatrix x) { return backend_.is_finite(In(backend_, x).view); }
  void attention(ConstMatrix q, ConstMatrix k, ConstMatrix v,
                 const painters::tensor::PackedBatch& batch, std::span<const std::size_t> queries,
                 const painters::backend::AttentionShape& shape, Matrix y) {
    const In queries_in(backend_, q), keys(backend_, k), values(backend_, v);
    Out out(backend_, y);
    backend_.attention(queries_in.view, keys.view, values.view, backend_.batch(batch), queries,
                       shape, out.view);
    out.finish();
  }

 private:
  static constexpr bool is_host = std::same_as<typename B::Matrix, Matrix>;

  /// A host matrix as the backend reads it.
  struct In {
    In(B& backend, ConstMatrix host) : buffer(backend.buffer(is_host ? 0 : host.rows, host.cols)) {
      if constexpr (is_host) {
        view = host;
      } else {
        backend.upload(host, buffer.view());
        view = std::as_const(buffer).view();
      }
    }
    typename B::Buffer buffer;
    typename B::ConstMatrix view;
  };
  /// A host matrix that the backend writes, and may read.
  struct Out {
    Out(B& b, Matrix m)
        : backend(b), host(m), buffer(b.buffer(is_host ? 0 : host.rows, host.cols)) {
      if constexpr (is_host) {
        view = host;
      } else {
        backend.upload(host, buffer.view());
        view = buffer.view();
      }
    }
    void finish() {
      if constexpr (!is_host) backend.download(std::as_const(buffer).view(), host);
    }
    B& backend;
    Matrix host;
    typename B::Buffer buffer;
    typename B::Matrix view;
  };

  /// f(lane, in, out, first) for blocks of rows; in is out where x and y are the same.
  template <class F>
  void blocks(ConstMatrix x, Matrix y, std::initializer_list<const typename B::OpenWeight*> weights,
              const F& f) {
    const In in(backend_, x);
    Out out(backend_, y);
    const bool same = x.data == y.data && x.cols == y.cols;
    backend_.for_row_blocks(y.rows, weights,
                            [&](std::size_t first, std::size_t count, typename B::Lane& lane) {
                              const typename B::Matrix result = out.view.middle_rows(first, count);
                              if (same)
                                f(lane, typename B::ConstMatrix(result), result, first);
                              else
                                f(lane, in.view.middle_rows(first, count), result, first);
                            });
    out.finish();
  }

  B backend_;
};

}  // namespace support
