// How the texts of single tokens become one text.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <painters/text/python_text.hpp>
#include <painters/text/token.hpp>
#include <painters/text/vocabulary.hpp>

namespace painters::text {

/// Without any of these a text is what its tokens stand for, one after another.
struct Decoder {
  bool strip_first_blank = false;  // it belongs to the vocabulary's way of marking words
  bool words = false;     // as in BERT: added tokens are words, and a first token shows its mark
  bool clean_up = false;  // no blank before English punctuation and short forms

  /// Throws Error for an id outside the vocabulary.
  std::string operator()(const Vocabulary& vocabulary, std::span<const TokenId> tokens) const {
    std::string text;
    for (const TokenId id : tokens) {
      const VocabularyEntry& entry = vocabulary.at(id);
      if (words && entry.added)
        text += (text.empty() ? "" : " ") + entry.piece;
      else if (words && text.empty() && !entry.bytes.starts_with(' '))
        text += entry.piece;
      else if (clean_up && !text.empty())
        text += closed_up(entry.bytes);
      else
        text += entry.bytes;
    }
    if (strip_first_blank && text.starts_with(' ')) text.erase(0, 1);
    return text;
  }

 private:
  static std::string closed_up(std::string text) {
    constexpr std::string_view before[] = {".", "?", "!", ",", "n't", "'m", "'s", "'ve", "'re"};
    for (const std::string_view mark : before) text = replace(text, " " + std::string(mark), mark);
    return text;
  }
};

}  // namespace painters::text
