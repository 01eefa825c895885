// What model_tokenizer.hpp declares.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <system_error>

#include <painters/compiled_once.hpp>
#include <painters/error.hpp>
#include <painters/models/model_tokenizer.hpp>
#include <painters/text/load_tokenizer.hpp>
#include <painters/text/token.hpp>
#include <painters/text/tokenizer.hpp>

namespace painters::models {

PAINTERS_INLINE text::Tokenizer load_model_tokenizer(const std::filesystem::path& path,
                                                     std::size_t vocab_size) {
  text::Tokenizer tokenizer = text::load_tokenizer(path);
  std::error_code error;
  const bool exact = !std::filesystem::is_directory(path, error);
  std::size_t needed = tokenizer.size();
  if (!exact)
    for (; needed > vocab_size; --needed) {
      const auto last = static_cast<text::TokenId>(needed - 1);
      if (!tokenizer.is_added(last) && !tokenizer.piece(last).empty()) break;
    }
  if (needed > vocab_size || (exact && tokenizer.size() != vocab_size))
    throw Error("expected a tokenizer of " + std::string(exact ? "" : "at most ") +
                std::to_string(vocab_size) + " tokens, as many as the model embeds, in " +
                path.string() + ", found " + std::to_string(tokenizer.size()) +
                "; they do not belong together");
  return tokenizer;
}

}  // namespace painters::models
