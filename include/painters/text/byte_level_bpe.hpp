// Byte-level byte-pair encoding (GPT-2 and after): words are bytes, and the pair of neighbours with
// the lowest rank is merged until no pair has a rank.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <painters/text/byte_alphabet.hpp>
#include <painters/text/merges.hpp>
#include <painters/text/pre_tokenizer.hpp>
#include <painters/text/token.hpp>
#include <painters/text/vocabulary.hpp>

namespace painters::text {

/// Immutable; any number of threads may encode at once.
class ByteLevelBpe {
 public:
  /// `merges`: pairs of pieces in order of rank. `unknown`: the token for bytes that the vocabulary
  /// lacks; without it such bytes are dropped, as Hugging Face's tokenizers do. Throws Error if a
  /// merge needs a token that is not there.
  ByteLevelBpe(const Vocabulary& vocabulary,
               const std::vector<std::pair<std::string, std::string>>& merges,
               const PreTokenizerRules& rules, std::optional<TokenId> unknown = std::nullopt)
      : pre_tokenizer_(rules), merges_(vocabulary, merges) {
    for (std::size_t b = 0; b < 256; ++b) {
      const auto id = vocabulary.find(to_byte_alphabet(std::string(1, static_cast<char>(b))));
      byte_token_[b] = id ? *id : unknown.value_or(no_token);
    }
    find_whole_words(vocabulary, rules.ignore_merges);
  }

  /// Appends the tokens of `text`. Any bytes are allowed: those that are not UTF-8 become byte
  /// tokens.
  void encode(std::string_view text, Tokens& out) const {
    pre_tokenizer_.split(text, [&](std::string_view word) {
      if (const auto it = whole_words_.find(word); it != whole_words_.end())
        out.push_back(it->second);
      else
        merge_word(word, out);
    });
  }

 private:
  static constexpr TokenId no_token = -1;
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
  };

  /// Most words of a text are one token: these are known in advance and need no merging.
  void find_whole_words(const Vocabulary& vocabulary, bool ignore_merges) {
    Tokens tokens;
    for (std::size_t i = 0; i < vocabulary.size(); ++i) {
      const VocabularyEntry& entry = vocabulary.entries()[i];
      if (entry.added || entry.bytes.empty()) continue;
      tokens.clear();
      if (!ignore_merges) merge_word(entry.bytes, tokens);
      const auto id = static_cast<TokenId>(i);
      if (ignore_merges || (tokens.size() == 1 && tokens[0] == id))
        whole_words_.try_emplace(entry.bytes, id);
    }
  }

  void merge_word(std::string_view word, Tokens& out) const {
    Tokens symbols;
    symbols.reserve(word.size());
    for (const char c : word)
      if (const TokenId token = byte_token_[static_cast<unsigned char>(c)]; token != no_token)
        symbols.push_back(token);
    merges_.apply(symbols);
    out.insert(out.end(), symbols.begin(), symbols.end());
  }

  PreTokenizer pre_tokenizer_;
  Merges merges_;
  std::array<TokenId, 256> byte_token_{};
  std::unordered_map<std::string, TokenId, Hash, std::equal_to<>> whole_words_;
};

}  // namespace painters::text
