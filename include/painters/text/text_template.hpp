// What a model puts around a text or a pair of texts, and how a pair is cut to a length.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <optional>
#include <vector>

#include <painters/text/token.hpp>

namespace painters::text {

/// A token of its own, or one of the texts.
struct TemplatePart {
  std::optional<TokenId> token;  // empty: a text
  bool second = false;           // which text
  int type = 0;                  // token type, which BERT embeds
};

/// What stands around one text and around two.
struct TextTemplate {
  /// Around one text.
  std::vector<TemplatePart> single{TemplatePart{}};
  /// Around two texts.
  std::vector<TemplatePart> pair{TemplatePart{}, TemplatePart{std::nullopt, true, 1}};

  /// `before` and `after` around every text.
  static TextTemplate around(std::optional<TokenId> before, std::optional<TokenId> after) {
    TextTemplate result{{}, {}};
    for (const bool second : {false, true}) {
      const int type = second ? 1 : 0;
      if (before) result.pair.push_back({before, false, type});
      result.pair.push_back({std::nullopt, second, type});
      if (after) result.pair.push_back({after, false, type});
      if (!second) result.single = result.pair;
    }
    return result;
  }

  /// [CLS] text [SEP], and [CLS] text [SEP] second [SEP].
  static TextTemplate bert(TokenId cls, TokenId sep) {
    const std::vector<TemplatePart> one{{cls}, {}, {sep}};
    return {one, {one[0], one[1], one[2], {std::nullopt, true, 1}, {sep, false, 1}}};
  }
};

/// Token ids and, for each, its type.
struct Encoding {
  Tokens ids;              // of the texts and of what is around them
  std::vector<int> types;  // as many
};

/// No limit to the length of an encoding.
inline constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();

/// Cuts two texts at their ends to `most` tokens together: only the longer one if the shorter one
/// is within half of them, else both to halves, the longer one (of equals the second) to the larger
/// half. That is what the tokenizers library calls "longest first".
inline void truncate_pair(Tokens& first, Tokens& second, std::size_t most) {
  if (first.size() + second.size() <= most) return;
  Tokens& shorter = first.size() <= second.size() ? first : second;
  Tokens& longer = &shorter == &first ? second : first;
  shorter.resize(std::min(shorter.size(), most / 2));
  longer.resize(most - shorter.size());
}

/// The parts in order, with the texts cut so that the whole has at most `most` tokens, where the
/// template's own leave room.
inline Encoding assemble(const std::vector<TemplatePart>& parts, Tokens first, Tokens second,
                         std::size_t most = unlimited) {
  const auto own = static_cast<std::size_t>(std::ranges::count_if(
      parts, [](const TemplatePart& part) { return part.token.has_value(); }));
  truncate_pair(first, second, most - std::min(own, most));
  Encoding result;
  for (const TemplatePart& part : parts) {
    if (part.token)
      result.ids.push_back(*part.token);
    else
      result.ids.insert(result.ids.end(), (part.second ? second : first).begin(),
                        (part.second ? second : first).end());
    result.types.resize(result.ids.size(), part.type);
  }
  return result;
}

}  // namespace painters::text
