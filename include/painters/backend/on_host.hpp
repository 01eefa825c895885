// Matrices of a backend as the host sees them.
#pragma once

#include <painters/backend/concept.hpp>
#include <painters/tensor/buffer.hpp>

namespace painters::backend {

/// The host's copy of a matrix, after everything that changes it is done.
template <Backend B>
tensor::Buffer on_host(B& backend, typename B::ConstMatrix x) {
  tensor::Buffer copy(x.rows, x.cols);
  backend.download(x, copy.view());
  return copy;
}

}  // namespace painters::backend
