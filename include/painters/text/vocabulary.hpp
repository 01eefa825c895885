// Which bytes each token stands for.
#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <painters/error.hpp>
#include <painters/text/token.hpp>

namespace painters::text {

/// How an added token is found in a text.
struct AddedTokenRules {
  bool normalized = false;   // in the text as it is after normalising
  bool strip_left = false;   // the white space before it belongs to it
  bool strip_right = false;  // the white space after it belongs to it
  bool single_word = false;  // only where no letter or digit is next to it
};

/// A token's id is its index. Tokens are distinct, except for those without a piece: ids that a
/// file leaves out, and tokens that a file leaves empty. These stand for nothing and are never
/// found.
struct VocabularyEntry {
  std::string piece;        // as the model's files write it: "Ġthe"
  std::string bytes;        // what it stands for: " the"
  bool added = false;       // matched in a text before anything else, as a whole: "<|im_end|>"
  AddedTokenRules rules{};  // of an added token
};

/// Pieces and their ids.
class Vocabulary {
 public:
  /// Throws Error if a piece occurs twice. `source` names the file in messages.
  Vocabulary(std::vector<VocabularyEntry> entries, std::string source)
      : entries_(std::move(entries)), source_(std::move(source)) {
    if (entries_.empty() ||
        entries_.size() > static_cast<std::size_t>(std::numeric_limits<TokenId>::max()))
      throw Error("expected a vocabulary in " + source_ + ", found " +
                  std::to_string(entries_.size()) + " tokens");
    ids_.reserve(entries_.size());
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      if (entries_[i].piece.empty()) continue;
      if (const auto [it, added] = ids_.try_emplace(entries_[i].piece, static_cast<TokenId>(i));
          !added)
        throw Error("expected distinct tokens in the vocabulary of " + source_ + ", found '" +
                    entries_[i].piece + "' as token " + std::to_string(it->second) + " and token " +
                    std::to_string(i) + "; the file is damaged");
    }
  }
  Vocabulary(Vocabulary&&) =
      default;  // moving the entries leaves the strings, and so the views, where they are
  Vocabulary& operator=(Vocabulary&&) = default;

  std::size_t size() const { return entries_.size(); }
  /// The file, for messages.
  const std::string& source() const { return source_; }
  /// By id.
  std::span<const VocabularyEntry> entries() const { return entries_; }

  /// The id of a piece; empty if it is no token.
  std::optional<TokenId> find(std::string_view piece) const {
    const auto it = ids_.find(piece);
    return it == ids_.end() ? std::nullopt : std::optional(it->second);
  }

  /// Throws Error if `id` is not a token.
  const VocabularyEntry& at(TokenId id) const {
    if (id < 0 || static_cast<std::size_t>(id) >= size())
      throw Error("expected token ids from 0 to " + std::to_string(size() - 1) +
                  " for the vocabulary of " + source_ + ", found " + std::to_string(id));
    return entries_[static_cast<std::size_t>(id)];
  }

 private:
  std::vector<VocabularyEntry> entries_;
  std::string source_;
  std::unordered_map<std::string_view, TokenId> ids_;  // views of entries_[i].piece
};

}  // namespace painters::text
