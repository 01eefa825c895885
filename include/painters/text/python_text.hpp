// The operations of Python's str that the prompts of lm-evaluation-harness are built with, on
// UTF-8.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <utf8proc.h>

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

/// text.capitalize(): the first character in title case, all others in lower case, each by its
/// simple mapping (Python's full mappings differ for some ligatures and for a final sigma).
inline std::string capitalize(std::string_view text) {
  std::string result;
  bool first = true;
  detail::for_each_character(text, [&](utf8proc_int32_t character, std::string_view bytes) {
    if (character < 0) {
      result += bytes;
    } else {
      utf8proc_uint8_t encoded[4];
      const auto written = utf8proc_encode_char(
          first ? utf8proc_totitle(character) : utf8proc_tolower(character), encoded);
      result.append(reinterpret_cast<const char*>(encoded), static_cast<std::size_t>(written));
    }
    first = false;
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
