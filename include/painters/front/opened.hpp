// What all models that come from one opened file share.
#pragma once

#include <filesystem>
#include <mutex>
#include <optional>

#include <painters/backend/built_in.hpp>
#include <painters/engine/pass.hpp>
#include <painters/front/loaded_model.hpp>
#include <painters/machine_limits.hpp>
#include <painters/models/model_tokenizer.hpp>
#include <painters/text/tokenizer.hpp>

namespace painters::front {

/// A file, a backend of its own, and the model on it.
template <class B, class Model>
class Opened {
 public:
  /// `more`: what the model's constructor takes besides path and backend.
  template <class... More>
  Opened(const std::filesystem::path& file, const ModelOptions& chosen, const More&... more)
      : path(file),
        options(chosen),
        backend(backend::make<B>({.weights = chosen.weights_memory,
                                  .file = machine_memory() / 2,
                                  .threads = chosen.threads})),
        model(file, backend, more...) {}
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;

  /// Read when a text first needs it: tokens alone do without. Throws Error if it cannot be.
  const text::Tokenizer& tokenizer() const {
    std::call_once(reads_tokenizer_, [&] {
      tokenizer_ = models::load_model_tokenizer(path, model.config().vocab_size);
    });
    return *tokenizer_;
  }

  /// For runs of the model.
  engine::PassOptions pass_options() const {
    return {.tokens_per_pass = most_tokens, .memory = options.memory};
  }

  const std::filesystem::path path;  // of the file
  const ModelOptions options;        // as it was opened
  mutable B backend;                 // what computes
  const Model model;                 // on the backend

 private:
  mutable std::once_flag reads_tokenizer_;
  mutable std::optional<text::Tokenizer> tokenizer_;
};

}  // namespace painters::front
