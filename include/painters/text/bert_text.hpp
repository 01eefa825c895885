// How BERT reads a text: what is cleaned up, and where its words end.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include <utf8proc.h>

#include <painters/text/utf8.hpp>

namespace painters::text {

/// What is done to a text first; the defaults are those of an uncased BERT.
struct BertRules {
  bool clean_text = true;     // controls and what is not UTF-8 are dropped, white space is a blank
  bool chinese_chars = true;  // every ideograph is a word
  bool strip_accents = true;  // nonspacing marks are dropped
  bool lowercase = true;      // everything is brought to lower case
};

namespace detail {

/// Unicode's White_Space.
inline bool is_white_space(utf8proc_int32_t c) {
  return (c >= 9 && c <= 13) || c == ' ' || c == 0x85 || c == 0x2028 || c == 0x2029 ||
         (c >= 0x80 && utf8proc_category(c) == UTF8PROC_CATEGORY_ZS);
}

/// Whether the first character of `text` is white space.
inline bool begins_with_white_space(std::string_view text) {
  bool first = true, result = false;
  for_each_character(text.substr(0, text.empty() ? 0 : utf8_length(text)),
                     [&](utf8proc_int32_t c, std::string_view) {
                       result = std::exchange(first, false) && c >= 0 && is_white_space(c);
                     });
  return result;
}

/// The blocks of CJK ideographs that BERT's own tokenizer names.
inline bool is_ideograph(utf8proc_int32_t c) {
  return (c >= 0x4e00 && c <= 0x9fff) || (c >= 0x3400 && c <= 0x4dbf) ||
         (c >= 0x20000 && c <= 0x2a6df) || (c >= 0x2a700 && c <= 0x2b73f) ||
         (c >= 0x2b740 && c <= 0x2b81f) || (c >= 0x2b820 && c <= 0x2ceaf) ||
         (c >= 0xf900 && c <= 0xfaff) || (c >= 0x2f800 && c <= 0x2fa1f);
}

/// Controls, formats and private characters; not those that are merely unassigned. Here as
/// elsewhere categories are those of utf8proc's version of Unicode, which is newer than the tables
/// of some other tokenizers: characters that came after Unicode 8 may differ.
inline bool is_bert_control(utf8proc_int32_t c) {
  if (c == '\t' || c == '\n' || c == '\r') return false;
  const auto category = utf8proc_category(c);
  return category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_CF ||
         category == UTF8PROC_CATEGORY_CO;
}

/// Unicode's punctuation, and all of ASCII that is neither letter, digit nor space.
inline bool is_bert_punctuation(utf8proc_int32_t c) {
  if (c < 0x80)
    return (c >= 33 && c <= 47) || (c >= 58 && c <= 64) || (c >= 91 && c <= 96) ||
           (c >= 123 && c <= 126);
  const auto category = utf8proc_category(c);
  return category >= UTF8PROC_CATEGORY_PC && category <= UTF8PROC_CATEGORY_PO;
}

/// Characters for which `drop` is true are left out; what is not UTF-8 stays.
template <class Drop>
std::string without(std::string_view text, Drop&& drop) {
  std::string result;
  for_each_character(text, [&](utf8proc_int32_t c, std::string_view bytes) {
    if (c < 0 || !drop(c)) result += bytes;
  });
  return result;
}

/// In a normal form, except for what is not UTF-8.
inline std::string valid_to_normal_form(std::string_view text, NormalForm form) {
  std::string result;
  for_each_utf8_run(text, [&](std::string_view run, bool valid) {
    if (valid)
      result += to_normal_form(run, form);
    else
      result += run;
  });
  return result;
}

}  // namespace detail

/// Lower case, character by character.
inline std::string to_lower(std::string_view text) {
  std::string result;
  detail::for_each_character(text, [&](utf8proc_int32_t c, std::string_view bytes) {
    if (c < 0)
      result += bytes;
    else if (c == 0x130)  // the only one that becomes two characters
      result += "i\u0307";
    else
      detail::append_character(result, utf8proc_tolower(c));
  });
  return result;
}

/// The text that BERT cuts into words.
inline std::string to_bert_text(std::string_view text, const BertRules& rules) {
  std::string result;
  detail::for_each_character(text, [&](utf8proc_int32_t c, std::string_view bytes) {
    if (rules.clean_text) {
      if (c <= 0 || c == 0xfffd || detail::is_bert_control(c)) return;
      if (detail::is_white_space(c)) bytes = " ";
    }
    const bool alone = rules.chinese_chars && detail::is_ideograph(c);
    if (alone) result += ' ';
    result += bytes;
    if (alone) result += ' ';
  });
  if (rules.strip_accents)
    result = detail::without(
        detail::valid_to_normal_form(result, NormalForm::d),
        [](utf8proc_int32_t c) { return utf8proc_category(c) == UTF8PROC_CATEGORY_MN; });
  return rules.lowercase ? to_lower(result) : result;
}

/// Calls f(word) for what stands between white space, every punctuation character being a word.
template <class F>
void for_each_bert_word(std::string_view text, F&& f) {
  std::size_t begin = 0, end = 0;
  const auto finish = [&] {
    if (end > begin) f(text.substr(begin, end - begin));
  };
  detail::for_each_character(text, [&](utf8proc_int32_t c, std::string_view bytes) {
    const bool space = c >= 0 && detail::is_white_space(c);
    const bool alone = c >= 0 && detail::is_bert_punctuation(c);
    if (space || alone) {
      finish();
      begin = end + (space ? bytes.size() : 0);
    }
    end += bytes.size();
    if (alone) {
      finish();
      begin = end;
    }
  });
  finish();
}

}  // namespace painters::text
