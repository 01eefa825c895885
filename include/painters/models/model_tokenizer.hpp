// The tokenizer beside or inside a model's file, held to the model's vocabulary.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <system_error>

#include <painters/error.hpp>
#include <painters/text/load_tokenizer.hpp>

namespace painters::models {

/// `path`: the model's. Throws Error if text::load_tokenizer does, or if the tokens are not the
/// model's: a GGUF file has as many as the model embeds, a folder may have fewer, since embeddings
/// are often padded.
inline text::Tokenizer load_model_tokenizer(const std::filesystem::path& path,
                                            std::size_t vocab_size) {
  text::Tokenizer tokenizer = text::load_tokenizer(path);
  std::error_code error;
  const bool exact = !std::filesystem::is_directory(path, error);
  if (tokenizer.size() > vocab_size || (exact && tokenizer.size() != vocab_size))
    throw Error("expected a tokenizer of " + std::string(exact ? "" : "at most ") +
                std::to_string(vocab_size) + " tokens, as many as the model embeds, in " +
                path.string() + ", found " + std::to_string(tokenizer.size()) +
                "; they do not belong together");
  return tokenizer;
}

}  // namespace painters::models
