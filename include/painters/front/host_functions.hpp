// Functions on host memory as layers, and as parts of layers, on any backend.
#pragma once

#include <concepts>

#include <painters/backend/concept.hpp>
#include <painters/backend/on_host.hpp>
#include <painters/front/loaded_model.hpp>
#include <painters/layers/hidden_states.hpp>
#include <painters/tensor/buffer.hpp>
#include <painters/tensor/matrix.hpp>

namespace painters::front {

/// A layer that calls a LayerFunction.
template <backend::Backend B>
struct HostLayer {
  LayerFunction function;  // what it calls

  /// Changes all rows.
  void operator()(layers::HiddenStates<B>& x) const {
    if constexpr (std::same_as<typename B::Matrix, tensor::Matrix>) {
      x.backend().synchronise();
      function(x.values(), x.batch());
    } else {
      tensor::Buffer host = layers::on_host(x);
      function(host.view(), x.batch());
      x.backend().upload(host.view(), x.values());
    }
  }
};

/// A layers::PartFunction that calls a PartFunction of the front.
template <backend::Backend B>
struct HostPart {
  PartFunction function;  // what it calls

  /// Writes the update of all rows.
  void operator()(const layers::HiddenStates<B>& x, typename B::Matrix update) const {
    if constexpr (std::same_as<typename B::Matrix, tensor::Matrix>) {
      x.backend().synchronise();
      function(x.values(), x.batch(), update);
    } else {
      const tensor::Buffer host = layers::on_host(x);
      tensor::Buffer result(update.rows, update.cols);
      function(host.view(), x.batch(), result.view());
      x.backend().upload(result.view(), update);
    }
  }
};

}  // namespace painters::front
