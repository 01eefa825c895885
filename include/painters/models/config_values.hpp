// Values in configurations that mean the same for every kind of model.
#pragma once

#include <string>

#include <painters/backend/activation.hpp>
#include <painters/error.hpp>

namespace painters::models {

/// Throws Error unless `eps` can be added under a normalisation's root; `place` says where it is
/// from.
inline void check_norm_eps(double eps, const std::string& place) {
  if (!(eps > 0 && eps < 1))
    throw Error("expected a norm eps (rms_norm_eps or layer_norm_eps) between 0 and 1 in " + place +
                ", found " + std::to_string(eps) + "; the configuration is damaged");
}

/// The activation that a name in config.json stands for. Throws Error for one that no backend has.
inline backend::Activation activation_named(const std::string& name, const std::string& place) {
  using backend::Activation;
  if (name == "silu" || name == "swish") return Activation::silu;
  if (name == "gelu") return Activation::gelu;
  if (name == "gelu_new" || name == "gelu_fast" || name == "gelu_pytorch_tanh")
    return Activation::gelu_tanh;
  if (name == "relu") return Activation::relu;
  if (name == "tanh") return Activation::tanh;
  throw Error("expected \"hidden_act\" in " + place +
              " to be silu, gelu, gelu_new, gelu_fast, gelu_pytorch_tanh, relu or tanh, found \"" +
              name + "\"; such models cannot be run");
}

}  // namespace painters::models
