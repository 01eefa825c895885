// The tokenizer inside a GGUF file; the file needs no weights.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <painters/error.hpp>
#include <painters/formats/gguf.hpp>
#include <painters/text/byte_alphabet.hpp>
#include <painters/text/pre_tokenizer.hpp>
#include <painters/text/tokenizer.hpp>

namespace painters::text {

namespace detail {

/// Values of tokenizer.ggml.token_type for tokens that are matched in the text itself.
inline constexpr int gguf_control = 3, gguf_user_defined = 4;

inline Vocabulary gguf_vocabulary(const formats::Gguf& file) {
  const auto pieces = file.metadata<std::vector<std::string_view>>("tokenizer.ggml.tokens");
  const auto types = file.find_metadata<std::vector<int>>("tokenizer.ggml.token_type");
  if (types && types->size() != pieces.size())
    throw Error("expected as many tokenizer.ggml.token_type as tokens (" +
                std::to_string(pieces.size()) + ") in " + file.path().string() + ", found " +
                std::to_string(types->size()) + "; the file is damaged");
  std::vector<VocabularyEntry> entries;
  entries.reserve(pieces.size());
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const bool added = types && ((*types)[i] == gguf_control || (*types)[i] == gguf_user_defined);
    std::string piece(pieces[i]);
    std::string bytes = added ? piece : from_byte_alphabet(piece).value_or(piece);
    entries.push_back({std::move(piece), std::move(bytes), added});
  }
  return Vocabulary(std::move(entries), file.path().string());
}

/// Files older than the key say nothing about the rules; for two architectures there is only one
/// possibility.
inline PreTokenizerRules gguf_rules(const formats::Gguf& file) {
  if (const auto name = file.find_metadata<std::string>("tokenizer.ggml.pre"))
    return pre_tokenizer_rules(*name);
  const auto architecture = file.metadata<std::string>("general.architecture");
  if (architecture == "gpt2") return pre_tokenizer_rules("gpt-2");
  if (architecture == "gptneox") return pre_tokenizer_rules("gpt-neox");
  throw Error("expected tokenizer.ggml.pre in " + file.path().string() +
              ", found no such key; convert the model again");
}

}  // namespace detail

/// Throws Error if the file has no tokenizer, or one of another kind, or one that contradicts
/// itself.
inline Tokenizer read_tokenizer(const formats::Gguf& file) {
  const auto kind = file.metadata<std::string>("tokenizer.ggml.model");
  if (kind != "gpt2")
    throw Error("expected a byte-level BPE tokenizer ('gpt2') in " + file.path().string() +
                ", found '" + kind + "'; use a model with such a vocabulary");
  Vocabulary vocabulary = detail::gguf_vocabulary(file);

  std::vector<std::pair<std::string, std::string>> merges;
  for (const std::string_view merge :
       file.metadata<std::vector<std::string_view>>("tokenizer.ggml.merges")) {
    const std::size_t space = merge.find(' ', 1);
    if (space == std::string_view::npos)
      throw Error("expected merges of two tokens in " + file.path().string() + ", found '" +
                  std::string(merge) + "'; the file is damaged");
    merges.emplace_back(merge.substr(0, space), merge.substr(space + 1));
  }
  ByteLevelBpe model(vocabulary, merges, detail::gguf_rules(file));
  const SpecialTokens special{
      file.find_metadata<TokenId>("tokenizer.ggml.bos_token_id"),
      file.find_metadata<TokenId>("tokenizer.ggml.eos_token_id"),
      file.find_metadata<bool>("tokenizer.ggml.add_bos_token").value_or(false)};
  return Tokenizer(std::move(vocabulary), std::move(model), special);
}

}  // namespace painters::text
