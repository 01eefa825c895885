// Where numbers come from: what a backend says of itself, as stores and reports keep it.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <painters/backend/concept.hpp>
#include <painters/backend/onednn/isa.hpp>
#include <painters/engine/store_keys.hpp>

namespace painters::engine {

/// What computes: a program of this version on this backend.
template <backend::Backend B>
Run run_of(const B& backend, std::string version) {
  Run run{.version = std::move(version),
          .backend = std::string(backend.name()) + ", compiled for " + backend::compiled_isa(),
          .threads = 1};
  if constexpr (requires { backend.threads(); }) run.threads = backend.threads();
  return run;
}

/// Origin::precision. Scores of another precision are never taken for those of this one.
template <backend::Backend B>
std::string precision_text(const B& backend) {
  std::string_view precision = "f32";
  if constexpr (requires { backend.precision(); }) precision = backend.precision();
  return "weights as in the file, " + std::string(precision) + " arithmetic";
}

}  // namespace painters::engine
