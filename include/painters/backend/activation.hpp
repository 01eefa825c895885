// The element-wise functions of feed-forward networks and heads.
#pragma once

#include <cmath>

namespace painters::backend {

/// Named as in Hugging Face's hidden_act.
enum class Activation {
  gelu,       // x Phi(x), Phi the normal distribution function (Hendrycks and Gimpel, 2016)
  gelu_tanh,  // its approximation by tanh, "gelu_new", "gelu_pytorch_tanh" and "gelu_fast"
  relu,       // max(x, 0)
  silu,       // x / (1 + exp(-x))
  tanh
};

/// f(x), T float or double.
template <class T>
T activated(Activation f, T x) {
  switch (f) {
    case Activation::gelu:
      return x / 2 * (1 + std::erf(x * static_cast<T>(0.70710678118654752440)));
    case Activation::gelu_tanh: {
      constexpr T root = static_cast<T>(0.79788456080286535588);  // sqrt(2 / pi)
      return x / 2 * (1 + std::tanh(root * (x + static_cast<T>(0.044715) * x * x * x)));
    }
    case Activation::relu:
      return x < 0 ? 0 : x;  // NaN stays NaN
    case Activation::silu:
      return x / (1 + std::exp(-x));
    case Activation::tanh:
      return std::tanh(x);
  }
  return x;
}

}  // namespace painters::backend
