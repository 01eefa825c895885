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

#include <painters/text/token.hpp>
#include <painters/text/vocabulary.hpp>

namespace painters::text {

/// Finds the leftmost token, at one place the longest, again and again.
class AddedTokens {
 public:
  /// Those of a vocabulary; the vocabulary is not needed later.
  explicit AddedTokens(const Vocabulary& vocabulary) {
    for (std::size_t i = 0; i < vocabulary.size(); ++i) {
      const VocabularyEntry& entry = vocabulary.entries()[i];
      if (entry.added && !entry.bytes.empty())
        starting_with_[static_cast<unsigned char>(entry.bytes[0])].emplace_back(
            entry.bytes, static_cast<TokenId>(i));
    }
    for (auto& tokens : starting_with_)
      std::ranges::stable_sort(tokens, std::ranges::greater{},
                               [](const auto& t) { return t.first.size(); });
  }

  /// Calls on_token(id) for every added token in `text` and on_text(piece) for what lies between
  /// them, in order.
  template <class OnText, class OnToken>
  void split(std::string_view text, OnText&& on_text, OnToken&& on_token) const {
    std::size_t done = 0;
    for (std::size_t i = 0; i < text.size();) {
      const auto& candidates = starting_with_[static_cast<unsigned char>(text[i])];
      const auto found = std::ranges::find_if(
          candidates, [&](const auto& t) { return text.substr(i).starts_with(t.first); });
      if (found == candidates.end()) {
        ++i;
        continue;
      }
      if (i > done) on_text(text.substr(done, i - done));
      on_token(found->second);
      done = i += found->first.size();
    }
    if (done < text.size()) on_text(text.substr(done));
  }

 private:
  std::array<std::vector<std::pair<std::string, TokenId>>, 256>
      starting_with_;  // by first byte, longest first
};

}  // namespace painters::text
