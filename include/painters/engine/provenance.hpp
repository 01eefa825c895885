// Where numbers come from: what a backend says about itself, as stores and reports keep it.
#pragma once

#include <string>
#include <utility>

#include <painters/backend/concept.hpp>
#include <painters/engine/store_keys.hpp>

namespace painters::engine {

/// What computes: a program of this version on this backend.
template <backend::Backend B>
Run run_of(const B& backend, std::string version) {
  return {.version = std::move(version), .backend = backend.name(), .threads = backend.threads()};
}

/// Origin::precision. Scores of another precision are never taken for those of this one.
template <backend::Backend B>
std::string precision_text(const B& backend) {
  return "weights as in the file, " + std::string(backend.precision()) + " arithmetic";
}

}  // namespace painters::engine
