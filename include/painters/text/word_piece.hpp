// WordPiece (BERT): every word is cut, from its beginning, into the longest tokens that there are.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <painters/text/bert_text.hpp>
#include <painters/text/python_text.hpp>
#include <painters/text/token.hpp>

namespace painters::text {

/// Immutable; any number of threads may encode at once.
class WordPiece {
 public:
  /// Lets texts be found without a copy.
  struct Hash {
    using is_transparent = void;  // what containers ask for
    /// The hash of a text.
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
  };
  /// Text and the token that it is.
  using Ids = std::unordered_map<std::string, TokenId, Hash, std::equal_to<>>;

  /// `beginnings`: tokens that words begin with; `continuations`: those within words, without a
  /// mark such as "##". `unknown`: the token of a word that cannot be cut into tokens, or that has
  /// more than `most_characters`.
  WordPiece(Ids beginnings, Ids continuations, TokenId unknown, std::size_t most_characters = 100)
      : beginnings_(std::move(beginnings)),
        continuations_(std::move(continuations)),
        unknown_(unknown),
        most_characters_(most_characters) {
    for (const Ids* ids : {&beginnings_, &continuations_})
      for (const auto& [piece, id] : *ids) {
        if (piece.size() >= has_size_.size()) has_size_.resize(piece.size() + 1);
        has_size_[piece.size()] = true;
      }
  }

  /// Appends the tokens of `text`, normalised before.
  void encode(std::string_view text, Tokens& out) const {
    for_each_bert_word(text, [&](std::string_view word) {
      const std::size_t before = out.size();
      if (length(word) > most_characters_ || !cut(word, out)) {
        out.resize(before);
        out.push_back(unknown_);
      }
    });
  }

 private:
  bool cut(std::string_view word, Tokens& out) const {
    for (std::size_t begin = 0; begin < word.size();) {
      const Ids& ids = begin == 0 ? beginnings_ : continuations_;
      std::size_t size = std::min(has_size_.size() - 1, word.size() - begin);
      auto found = ids.end();
      for (; size > 0; --size) {
        if (!has_size_[size]) continue;
        if (found = ids.find(word.substr(begin, size)); found != ids.end()) break;
      }
      if (found == ids.end()) return false;
      out.push_back(found->second);
      begin += size;
    }
    return true;
  }

  Ids beginnings_, continuations_;
  TokenId unknown_;
  std::size_t most_characters_;
  std::vector<bool> has_size_{false};  // whether a token has so many bytes: saves most look-ups
};

}  // namespace painters::text
