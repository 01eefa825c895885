// Tokens and special tokens as GGUF files have them.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <painters/error.hpp>
#include <painters/formats/gguf.hpp>
#include <painters/text/text_template.hpp>
#include <painters/text/token.hpp>
#include <painters/text/tokenizer.hpp>
#include <painters/text/vocabulary.hpp>

namespace painters::text::detail {

/// Values of tokenizer.ggml.token_type.
inline constexpr int gguf_unknown = 2, gguf_control = 3, gguf_user_defined = 4, gguf_byte = 6;

/// An array with an element for each token; empty if the file has none. Throws Error for another
/// length.
template <class T>
std::optional<std::vector<T>> gguf_array(const formats::Gguf& file, const std::string& key,
                                         std::size_t tokens) {
  auto values = file.find_metadata<std::vector<T>>(key);
  if (values && values->size() != tokens)
    throw Error("expected as many " + key + " as tokens (" + std::to_string(tokens) + ") in " +
                file.path().string() + ", found " + std::to_string(values->size()) +
                "; the file is damaged");
  return values;
}

/// Types of the tokens; all are normal where the file has none.
inline std::vector<int> gguf_types(const formats::Gguf& file, std::size_t tokens) {
  return gguf_array<int>(file, "tokenizer.ggml.token_type", tokens)
      .value_or(std::vector<int>(tokens, 1));
}

/// `bytes(piece, type)`: what a token stands for, if it is not one that is found as a whole.
template <class Bytes>
Vocabulary gguf_vocabulary(const formats::Gguf& file, Bytes&& bytes) {
  const auto pieces = file.metadata<std::vector<std::string_view>>("tokenizer.ggml.tokens");
  const std::vector<int> types = gguf_types(file, pieces.size());
  std::vector<VocabularyEntry> entries;
  entries.reserve(pieces.size());
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const bool added =
        types[i] == gguf_control || types[i] == gguf_user_defined || types[i] == gguf_unknown;
    std::string piece(pieces[i]);
    std::string stands_for = added ? piece : bytes(pieces[i], types[i]);
    entries.push_back({std::move(piece), std::move(stands_for), added});
  }
  return Vocabulary(std::move(entries), file.path().string());
}

/// The first of `keys` that the file has, or the token of this spelling.
inline std::optional<TokenId> gguf_token(const formats::Gguf& file, const Vocabulary& vocabulary,
                                         std::initializer_list<std::string_view> keys,
                                         std::string_view spelling) {
  for (const std::string_view key : keys)
    if (const auto id = file.find_metadata<TokenId>("tokenizer.ggml." + std::string(key))) {
      vocabulary.at(*id);
      return id;
    }
  return vocabulary.find(spelling);
}

/// What stands at the beginning and the end of texts; `adds_bos` is for files that do not say
/// whether there is a first token.
inline std::pair<SpecialTokens, TextTemplate> gguf_special(const formats::Gguf& file,
                                                           bool adds_bos) {
  const SpecialTokens special{
      file.find_metadata<TokenId>("tokenizer.ggml.bos_token_id"),
      file.find_metadata<TokenId>("tokenizer.ggml.eos_token_id"),
      file.find_metadata<bool>("tokenizer.ggml.add_bos_token").value_or(adds_bos)};
  const bool adds_eos = file.find_metadata<bool>("tokenizer.ggml.add_eos_token").value_or(false);
  return {special, TextTemplate::around(special.add_bos ? special.bos : std::nullopt,
                                        adds_eos ? special.eos : std::nullopt)};
}

}  // namespace painters::text::detail
