// Byte-pair encoding of characters (SentencePiece, and tokenizer.json files made of it): what has
// no token is written as its bytes, "<0xE2>", where the vocabulary has tokens for bytes.
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

#include <painters/text/merges.hpp>
#include <painters/text/token.hpp>
#include <painters/text/utf8.hpp>
#include <painters/text/vocabulary.hpp>

namespace painters::text {

/// What becomes of text that has no token.
struct CharacterRules {
  std::optional<TokenId> unknown;  // for what is not written as bytes; without one it is dropped
  bool fuse_unknown = true;        // one such token for several characters in a row
  bool byte_fallback = true;       // the tokens of the bytes, if all of them are there
  bool ignore_merges = false;      // a piece that is a token is that token
};

/// "<0x0A>".
inline std::string byte_piece(unsigned char byte) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  return {'<', '0', 'x', digits[byte >> 4], digits[byte & 15], '>'};
}

/// The byte that a piece like "<0x0A>" stands for; empty for any other piece.
inline std::optional<char> byte_of_piece(std::string_view piece) {
  if (piece.size() != 6 || !piece.starts_with("<0x")) return std::nullopt;
  const auto digit = [](char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
  };
  const int high = digit(piece[3]), low = digit(piece[4]);
  if (high < 0 || low < 0 || piece[5] != '>') return std::nullopt;
  return static_cast<char>(high * 16 + low);
}

/// Immutable; any number of threads may encode at once.
class CharacterBpe {
 public:
  /// `more_characters` are symbols too, with the numbers after the vocabulary's, for merges that
  /// begin with characters that are no tokens themselves.
  CharacterBpe(const Vocabulary& vocabulary, Merges merges, const CharacterRules& rules,
               std::vector<std::string> more_characters = {})
      : merges_(std::move(merges)),
        rules_(rules),
        tokens_(vocabulary.size()),
        more_characters_(std::move(more_characters)) {
    for (std::size_t b = 0; b < 256; ++b)
      byte_token_[b] = vocabulary.find(byte_piece(static_cast<unsigned char>(b)));
    for (std::size_t i = 0; i < tokens_; ++i) {
      const VocabularyEntry& entry = vocabulary.entries()[i];
      const auto id = static_cast<TokenId>(i);
      if (entry.piece.empty()) continue;
      if (rules_.ignore_merges) whole_pieces_.try_emplace(entry.piece, id);
      if (utf8_length(entry.piece) == entry.piece.size()) characters_.try_emplace(entry.piece, id);
    }
    for (std::size_t i = 0; i < more_characters_.size(); ++i)
      characters_.try_emplace(more_characters_[i], static_cast<TokenId>(tokens_ + i));
  }

  /// Appends the tokens of `text`, which may be any bytes.
  void encode(std::string_view text, Tokens& out) const {
    if (const auto whole = whole_pieces_.find(text); whole != whole_pieces_.end()) {
      out.push_back(whole->second);
      return;
    }
    Tokens symbols;
    symbols.reserve(text.size());
    bool after_unknown = false;
    detail::for_each_character(text, [&](auto, std::string_view character) {
      if (const auto found = characters_.find(character); found != characters_.end()) {
        symbols.push_back(found->second);
        after_unknown = false;
      } else {
        append_without_token(character, symbols, after_unknown);
      }
    });
    merges_.apply(symbols);
    after_unknown = false;
    for (const TokenId symbol : symbols) {
      const auto index = static_cast<std::size_t>(symbol);
      if (index < tokens_) {
        out.push_back(symbol);
        after_unknown = symbol == rules_.unknown;
      } else {
        append_without_token(more_characters_[index - tokens_], out, after_unknown);
      }
    }
  }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
  };
  using Ids = std::unordered_map<std::string, TokenId, Hash, std::equal_to<>>;

  void append_without_token(std::string_view character, Tokens& out, bool& after_unknown) const {
    if (rules_.byte_fallback) {
      const std::size_t before = out.size();
      for (const char c : character)
        if (const auto token = byte_token_[static_cast<unsigned char>(c)]) out.push_back(*token);
      if (out.size() == before + character.size()) {
        after_unknown = false;
        return;
      }
      out.resize(before);
    }
    if (rules_.unknown && !(after_unknown && rules_.fuse_unknown)) out.push_back(*rules_.unknown);
    after_unknown = rules_.unknown.has_value();
  }

  Merges merges_;
  CharacterRules rules_;
  std::size_t tokens_;
  std::vector<std::string> more_characters_;
  std::array<std::optional<TokenId>, 256> byte_token_{};
  Ids characters_, whole_pieces_;
};

}  // namespace painters::text
