// Blanks as a visible character, U+2581, which begins words in vocabularies that follow
// SentencePiece.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <painters/text/python_text.hpp>

namespace painters::text {

/// "▁", which stands for a blank.
inline constexpr std::string_view metaspace = "\u2581";

/// What the pre-tokenizer Metaspace of tokenizer.json does to a piece of text.
struct MetaspaceRules {
  /// Which pieces get a "▁" if they have none at their beginning.
  enum class Prepend { always, first, never };
  Prepend prepend = Prepend::always;  // all, only the text's first, or none
  bool split = true;                  // every "▁" begins a word
};

/// Calls f(word) for every word of `piece`, in order.
template <class F>
void split_metaspace(std::string_view piece, bool at_start, const MetaspaceRules& rules, F&& f) {
  std::string escaped = replace(piece, " ", metaspace);
  const bool wanted = rules.prepend == MetaspaceRules::Prepend::always ||
                      (rules.prepend == MetaspaceRules::Prepend::first && at_start);
  if (wanted && !escaped.starts_with(metaspace)) escaped.insert(0, metaspace);
  const std::string_view text = escaped;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = rules.split ? text.find(metaspace, begin + 1) : std::string_view::npos;
    f(text.substr(begin, end - begin));
    begin = end == std::string_view::npos ? text.size() : end;
  }
}

}  // namespace painters::text
