// Tokens that are found in a text before it is cut into words, such as <|im_end|>.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <utf8proc.h>

#include <painters/text/bert_text.hpp>
#include <painters/text/token.hpp>
#include <painters/text/utf8.hpp>
#include <painters/text/vocabulary.hpp>

namespace painters::text {

/// Cuts a text at its added tokens: at the leftmost one first, and of those that begin there at the
/// longest.
class AddedTokens {
 public:
  /// None.
  AddedTokens() = default;

  /// The added tokens of a vocabulary whose rules fulfil `is_wanted`, each found in texts as
  /// `spelling(entry)`. Nothing refers to the vocabulary afterwards.
  template <class IsWanted, class Spelling>
  AddedTokens(const Vocabulary& vocabulary, IsWanted&& is_wanted, Spelling&& spelling) {
    for (std::size_t i = 0; i < vocabulary.size(); ++i) {
      const VocabularyEntry& entry = vocabulary.entries()[i];
      if (!entry.added || !is_wanted(entry.rules)) continue;
      std::string text = spelling(entry);
      if (text.empty()) continue;
      starting_with_[static_cast<unsigned char>(text[0])].push_back(
          {std::move(text), static_cast<TokenId>(i), entry.rules});
    }
    for (auto& tokens : starting_with_)
      std::ranges::stable_sort(tokens, std::ranges::greater{},
                               [](const Added& t) { return t.text.size(); });
  }

  /// Calls on_token(id) for every added token in `text` and on_text(piece) for what lies between
  /// them, in order. A token in the white space that the one before it takes is still a token, and
  /// what follows is then cut where that token ends, as Hugging Face's tokenizers do.
  template <class OnText, class OnToken>
  void split(std::string_view text, OnText&& on_text, OnToken&& on_token) const {
    std::size_t done = 0;
    for (std::size_t i = 0; i < text.size();) {
      const auto& candidates = starting_with_[static_cast<unsigned char>(text[i])];
      const auto found = std::ranges::find_if(
          candidates, [&](const Added& t) { return text.substr(i).starts_with(t.text); });
      if (found == candidates.end()) {
        ++i;
        continue;
      }
      std::size_t begin = i, end = i += found->text.size();
      if (found->rules.single_word &&
          (ends_with_word(text.substr(0, begin)) || begins_with_word(text.substr(end))))
        continue;
      if (found->rules.strip_left && begin > done)
        begin = done + spaces_before(text.substr(done, begin - done));
      if (found->rules.strip_right) end = spaces_behind(text, end);
      if (begin > done) on_text(text.substr(done, begin - done));
      on_token(found->id);
      done = end;
    }
    if (done < text.size()) on_text(text.substr(done));
  }

 private:
  struct Added {
    std::string text;
    TokenId id;
    AddedTokenRules rules;
  };

  static bool is_word(utf8proc_int32_t c) {
    if (c < 0) return false;
    const auto category = utf8proc_category(c);
    return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_ND) ||
           category == UTF8PROC_CATEGORY_PC;
  }
  /// The character that `text` begins with and its bytes; -1 if there is none.
  static std::pair<utf8proc_int32_t, std::size_t> first_character(std::string_view text) {
    std::pair<utf8proc_int32_t, std::size_t> result{-1, 0};
    detail::for_each_character(text.substr(0, text.empty() ? 0 : utf8_length(text)),
                               [&](auto c, auto bytes) {
                                 result = {c, bytes.size()};
                               });
    return result;
  }
  static bool begins_with_word(std::string_view text) {
    return is_word(first_character(text).first);
  }
  static bool ends_with_word(std::string_view text) {
    return is_word(first_character(text.substr(last_character(text))).first);
  }

  /// Where the last character begins.
  static std::size_t last_character(std::string_view text) {
    std::size_t begin = text.size();
    while (begin > 0 && (static_cast<unsigned char>(text[--begin]) & 0xc0) == 0x80)
      if (text.size() - begin == 4) break;
    return begin;
  }
  /// Where the white space at the end of `text` begins.
  static std::size_t spaces_before(std::string_view text) {
    while (!text.empty()) {
      const std::size_t last = last_character(text);
      const auto [c, bytes] = first_character(text.substr(last));
      if (bytes != text.size() - last || !detail::is_white_space(c)) break;
      text = text.substr(0, last);
    }
    return text.size();
  }
  /// Where the white space from `begin` on ends.
  static std::size_t spaces_behind(std::string_view text, std::size_t begin) {
    while (true) {
      const auto [c, bytes] = first_character(text.substr(begin));
      if (bytes == 0 || !detail::is_white_space(c)) return begin;
      begin += bytes;
    }
  }

  std::array<std::vector<Added>, 256> starting_with_;  // by first byte, longest first
};

}  // namespace painters::text
