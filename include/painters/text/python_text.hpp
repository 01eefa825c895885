// The operations of Python's str that the prompts of lm-evaluation-harness are built with, on
// UTF-8.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <utf8proc.h>

#include <painters/text/long_title_cases.hpp>
#include <painters/text/utf8.hpp>

namespace painters::text {

namespace detail {

/// str.isspace: the separators of Unicode and the controls that Python counts as white space.
inline bool is_space(utf8proc_int32_t character) {
  if (character < 0) return false;
  if (character < 128)
    return (character >= 9 && character <= 13) || (character >= 28 && character <= 32);
  return character == 0x85 || character == 0x2028 || character == 0x2029 ||
         utf8proc_category(character) == UTF8PROC_CATEGORY_ZS;
}

}  // namespace detail

/// len(text): Unicode characters.
inline std::size_t length(std::string_view text) {
  std::size_t characters = 0;
  detail::for_each_character(text, [&](utf8proc_int32_t, std::string_view) { ++characters; });
  return characters;
}

namespace detail {

inline void append(std::string& text, utf8proc_int32_t character) {
  utf8proc_uint8_t encoded[4];
  const auto written = utf8proc_encode_char(character, encoded);
  text.append(reinterpret_cast<const char*>(encoded), static_cast<std::size_t>(written));
}

/// Upper, lower or title case: Unicode's Cased.
inline bool is_cased(utf8proc_int32_t character) {
  struct Range {
    utf8proc_int32_t first, last;
  };
  // Ordinals, Roman numerals, letters in circles and squares.
  for (const Range& range : {Range{0xAA, 0xAA},
                             {0xBA, 0xBA},
                             {0x2160, 0x217F},
                             {0x24B6, 0x24E9},
                             {0x1F130, 0x1F149},
                             {0x1F150, 0x1F169},
                             {0x1F170, 0x1F189}})
    if (character >= range.first && character <= range.last) return true;
  const auto category = utf8proc_category(character);
  return category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LL ||
         category == UTF8PROC_CATEGORY_LT;
}

/// What stands between the letters of a word without being one: Unicode's Case_Ignorable.
inline bool is_case_ignorable(utf8proc_int32_t character) {
  switch (utf8proc_category(character)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_SK:
      return true;
    default:
      break;
  }
  constexpr std::array<std::int32_t, 17> others{0x27,   0x2E,   0x3A,   0xB7,   0x387,  0x55F,
                                                0x5F4,  0x2018, 0x2019, 0x2024, 0x2027, 0xFE13,
                                                0xFE52, 0xFE55, 0xFF07, 0xFF0E, 0xFF1A};
  return std::ranges::find(others, character) != others.end();
}

/// Whether a capital sigma at this place ends a word: a letter comes before it and none after.
inline bool ends_word(const std::vector<utf8proc_int32_t>& characters, std::size_t place) {
  std::size_t before = place;
  while (before > 0 && is_case_ignorable(characters[before - 1])) --before;
  if (before == 0 || !is_cased(characters[before - 1])) return false;
  std::size_t after = place + 1;
  while (after < characters.size() && is_case_ignorable(characters[after])) ++after;
  return after == characters.size() || !is_cased(characters[after]);
}

inline void append_title(std::string& text, utf8proc_int32_t character) {
  const auto found =
      std::ranges::lower_bound(long_title_cases, character, {}, &LongTitleCase::character);
  if (found == std::end(long_title_cases) || found->character != character)
    return append(text, utf8proc_totitle(character));
  for (const std::int32_t part : found->title)
    if (part != 0) append(text, part);
}

}  // namespace detail

/// text.capitalize(): the first character in title case, all others in lower case, where a capital
/// sigma at the end of a word becomes a final one.
inline std::string capitalize(std::string_view text) {
  constexpr utf8proc_int32_t sigma = 0x3A3, final_sigma = 0x3C2, dotted_i = 0x130,
                             dot_above = 0x307;
  std::vector<utf8proc_int32_t> characters;
  detail::for_each_character(
      text, [&](utf8proc_int32_t character, std::string_view) { characters.push_back(character); });
  std::string result;
  std::size_t place = 0;
  detail::for_each_character(text, [&](utf8proc_int32_t character, std::string_view bytes) {
    if (character < 0) {
      result += bytes;  // no UTF-8
    } else if (place == 0) {
      detail::append_title(result, character);
    } else if (character == sigma && detail::ends_word(characters, place)) {
      detail::append(result, final_sigma);
    } else if (character == dotted_i) {
      detail::append(result, 'i');
      detail::append(result, dot_above);
    } else {
      detail::append(result, utf8proc_tolower(character));
    }
    ++place;
  });
  return result;
}

/// text.rstrip().
inline std::string_view strip_right(std::string_view text) {
  std::size_t end = 0;
  detail::for_each_character(text, [&](utf8proc_int32_t character, std::string_view bytes) {
    if (!detail::is_space(character))
      end = static_cast<std::size_t>(bytes.data() - text.data()) + bytes.size();
  });
  return text.substr(0, end);
}

/// text.strip().
inline std::string_view strip(std::string_view text) {
  text = strip_right(text);
  std::size_t begin = text.size();
  detail::for_each_character(text, [&](utf8proc_int32_t character, std::string_view bytes) {
    if (begin == text.size() && !detail::is_space(character))
      begin = static_cast<std::size_t>(bytes.data() - text.data());
  });
  return text.substr(begin);
}

/// text.replace(from, to): one pass from the left.
inline std::string replace(std::string_view text, std::string_view from, std::string_view to) {
  std::string result;
  for (std::size_t at = 0;;) {
    const std::size_t found = text.find(from, at);
    result += text.substr(at, found - at);
    if (found == std::string_view::npos) return result;
    result += to;
    at = found + from.size();
  }
}

}  // namespace painters::text
