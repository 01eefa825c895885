// Byte-level byte-pair encoding (GPT-2 and after): words are bytes, and the pair of neighbours with
// the lowest rank is merged until no pair has a rank.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include <painters/error.hpp>
#include <painters/text/byte_alphabet.hpp>
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
      : pre_tokenizer_(rules) {
    for (std::size_t b = 0; b < 256; ++b) {
      const auto id = vocabulary.find(to_byte_alphabet(std::string(1, static_cast<char>(b))));
      byte_token_[b] = id ? *id : unknown.value_or(no_token);
    }
    merges_.reserve(merges.size());
    for (std::size_t rank = 0; rank < merges.size(); ++rank) {
      const auto& [left, right] = merges[rank];
      const auto a = vocabulary.find(left), b = vocabulary.find(right),
                 merged = vocabulary.find(left + right);
      if (!a || !b || !merged)
        throw Error("expected the tokens of every merge in the vocabulary of " +
                    vocabulary.source() + ", found merge " + std::to_string(rank) + " of '" + left +
                    "' and '" + right + "' without '" +
                    (!a   ? left
                     : !b ? right
                          : left + right) +
                    "'; vocabulary and merges do not belong together");
      merges_.try_emplace(key(*a, *b), Merge{static_cast<std::uint32_t>(rank), *merged});
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
  struct Merge {
    std::uint32_t rank;
    TokenId merged;
  };
  static std::uint64_t key(TokenId left, TokenId right) {
    return std::uint64_t{static_cast<std::uint32_t>(left)} << 32 |
           static_cast<std::uint32_t>(right);
  }
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
    std::size_t operator()(std::uint64_t k) const {
      return static_cast<std::size_t>((k ^ k >> 29) * 0x9e3779b97f4a7c15u);
    }
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

  struct Symbol {
    TokenId token;
    std::int32_t previous, next;  // neighbours that are left, or -1
  };
  struct Candidate {
    std::uint32_t rank;
    std::int32_t left, right;  // symbols
    std::uint64_t pair;        // their tokens when this was noted: it is void if one has changed
    bool operator>(const Candidate& o) const {
      return std::tie(rank, left) > std::tie(o.rank, o.left);
    }
  };

  /// Lowest rank first, among equals the leftmost: O(n log n) in the bytes of the word.
  void merge_word(std::string_view word, Tokens& out) const {
    std::vector<Symbol> symbols;
    symbols.reserve(word.size());
    for (const char c : word) {
      const TokenId token = byte_token_[static_cast<unsigned char>(c)];
      if (token == no_token) continue;
      const auto at = static_cast<std::int32_t>(symbols.size());
      symbols.push_back({token, at - 1, at + 1});
    }
    if (symbols.empty()) return;
    symbols.back().next = -1;

    std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> queue;
    const auto token = [&](std::int32_t at) -> TokenId& {
      return symbols[static_cast<std::size_t>(at)].token;
    };
    const auto note = [&](std::int32_t left, std::int32_t right) {
      if (left < 0 || right < 0) return;
      const std::uint64_t pair = key(token(left), token(right));
      if (const auto it = merges_.find(pair); it != merges_.end())
        queue.push({it->second.rank, left, right, pair});
    };
    for (std::size_t i = 0; i + 1 < symbols.size(); ++i)
      note(static_cast<std::int32_t>(i), static_cast<std::int32_t>(i) + 1);
    while (!queue.empty()) {
      const Candidate best = queue.top();
      queue.pop();
      Symbol& left = symbols[static_cast<std::size_t>(best.left)];
      Symbol& right = symbols[static_cast<std::size_t>(best.right)];
      if (left.next != best.right || key(left.token, right.token) != best.pair) continue;
      left.token = merges_.find(best.pair)->second.merged;
      right.token = no_token;
      left.next = right.next;
      if (left.next >= 0) symbols[static_cast<std::size_t>(left.next)].previous = best.left;
      note(left.previous, best.left);
      note(best.left, left.next);
    }
    for (std::int32_t at = 0; at >= 0; at = symbols[static_cast<std::size_t>(at)].next)
      out.push_back(token(at));
  }

  PreTokenizer pre_tokenizer_;
  std::array<TokenId, 256> byte_token_{};
  std::unordered_map<std::uint64_t, Merge, Hash> merges_;
  std::unordered_map<std::string, TokenId, Hash, std::equal_to<>> whole_words_;
};

}  // namespace painters::text
