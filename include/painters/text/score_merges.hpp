// Merges of a vocabulary whose pieces have scores, as SentencePiece has them: two neighbours merge
// if together they are a piece, those with the highest score first.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <painters/error.hpp>
#include <painters/text/merges.hpp>
#include <painters/text/token.hpp>
#include <painters/text/utf8.hpp>
#include <painters/text/vocabulary.hpp>

namespace painters::text {

/// Merges, and the characters of pieces that are no pieces themselves (see CharacterBpe).
struct ScoreMerges {
  Merges merges;                             // ranked by score
  std::vector<std::string> more_characters;  // the first of them is the symbol after the vocabulary
};

namespace detail {

/// Where the characters of `piece` begin, without the first one.
inline std::vector<std::size_t> cuts(std::string_view piece) {
  std::vector<std::size_t> result;
  std::size_t at = 0;
  for_each_character(piece, [&](auto, std::string_view character) {
    if (at > 0) result.push_back(at);
    at += character.size();
  });
  return result;
}

}  // namespace detail

/// `scores`: one for each token. `merged(id)`: whether a merge may lead to this token (control,
/// unknown and byte tokens are not pieces of text). Throws Error for a score that is no number.
template <class IsMerged>
ScoreMerges merges_by_score(const Vocabulary& vocabulary, const std::vector<float>& scores,
                            IsMerged&& merged) {
  std::vector<std::size_t> order;
  std::unordered_map<std::string_view, TokenId> symbols;
  for (std::size_t i = 0; i < vocabulary.size(); ++i) {
    if (!std::isfinite(scores[i]))
      throw Error("expected a number as score of every token in the vocabulary of " +
                  vocabulary.source() + ", found none for token " + std::to_string(i) +
                  "; the file is damaged");
    if (!merged(i) || vocabulary.entries()[i].piece.empty()) continue;
    order.push_back(i);
    symbols.try_emplace(vocabulary.entries()[i].piece, static_cast<TokenId>(i));
  }
  std::ranges::sort(order, {}, [&](std::size_t i) { return std::pair(-scores[i], i); });

  ScoreMerges result;
  const auto is_symbol = [&](std::string_view piece) { return symbols.contains(piece); };
  for (const std::size_t i : order)
    detail::for_each_character(
        vocabulary.entries()[i].piece, [&](auto, std::string_view character) {
          if (is_symbol(character)) return;
          symbols.emplace(character,
                          static_cast<TokenId>(vocabulary.size() + result.more_characters.size()));
          result.more_characters.emplace_back(character);
        });
  std::vector<bool> has_size(1);  // whether a symbol has so many bytes: saves most look-ups
  for (const auto& [piece, unused] : symbols) {
    if (piece.size() >= has_size.size()) has_size.resize(piece.size() + 1);
    has_size[piece.size()] = true;
  }
  std::uint32_t rank = 0;
  for (std::size_t n = 0; n < order.size(); ++n) {
    if (n > 0 && scores[order[n]] != scores[order[n - 1]]) ++rank;
    const std::string_view piece = vocabulary.entries()[order[n]].piece;
    for (const std::size_t cut : detail::cuts(piece)) {
      if (!has_size[cut] || !has_size[piece.size() - cut]) continue;
      const auto left = symbols.find(piece.substr(0, cut)), right = symbols.find(piece.substr(cut));
      if (left != symbols.end() && right != symbols.end())
        result.merges.add(left->second, right->second, rank, static_cast<TokenId>(order[n]));
    }
  }
  return result;
}

}  // namespace painters::text
