// Unicode in user's texts: finding what is valid UTF-8, and the normal forms that some vocabularies
// were built on.
#pragma once

#include <utf8proc.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>
#include <string_view>

namespace painters::text {

/// Bytes of the character that `text` begins with; 0 if that is not valid UTF-8. `text` is not
/// empty.
inline std::size_t utf8_length(std::string_view text) {
  if (static_cast<unsigned char>(text.front()) < 0x80) return 1;
  utf8proc_int32_t unused = 0;
  const auto length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                       static_cast<utf8proc_ssize_t>(text.size()), &unused);
  return length > 0 ? static_cast<std::size_t>(length) : 0;
}

/// Cuts `text` into the longest runs that are valid UTF-8 or contain no valid character: f(run,
/// valid), in order.
template <class F>
void for_each_utf8_run(std::string_view text, F&& f) {
  bool valid = true;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_length(text.substr(i));
    if ((length > 0) != valid) {
      if (i > begin) f(text.substr(begin, i - begin), valid);
      begin = i;
      valid = !valid;
    }
    i += std::max<std::size_t>(length, 1);
  }
  if (begin < text.size()) f(text.substr(begin), valid);
}

namespace detail {

/// Calls f(character, its bytes) from the beginning. Bytes that are not UTF-8 come one at a time as
/// character -1.
template <class F>
void for_each_character(std::string_view text, F&& f) {
  while (!text.empty()) {
    utf8proc_int32_t character = -1;
    const utf8proc_ssize_t read =
        utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                         static_cast<utf8proc_ssize_t>(text.size()), &character);
    const std::size_t bytes = read > 0 ? static_cast<std::size_t>(read) : 1;
    f(read > 0 ? character : -1, text.substr(0, bytes));
    text.remove_prefix(bytes);
  }
}

/// Appends a character as UTF-8.
inline void append_character(std::string& text, utf8proc_int32_t character) {
  utf8proc_uint8_t encoded[4];
  const auto written = utf8proc_encode_char(character, encoded);
  text.append(reinterpret_cast<const char*>(encoded), static_cast<std::size_t>(written));
}

}  // namespace detail

/// Unicode's normal forms: composed or decomposed, K with compatible characters made alike.
enum class NormalForm { c, d, kc, kd };

/// Valid UTF-8 in a normal form.
inline std::string to_normal_form(std::string_view text, NormalForm form) {
  const bool composed = form == NormalForm::c || form == NormalForm::kc;
  const bool compatible = form == NormalForm::kc || form == NormalForm::kd;
  utf8proc_uint8_t* result = nullptr;
  const auto size = utf8proc_map(
      reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
      static_cast<utf8proc_ssize_t>(text.size()), &result,
      static_cast<utf8proc_option_t>(UTF8PROC_STABLE | (compatible ? UTF8PROC_COMPAT : 0) |
                                     (composed ? UTF8PROC_COMPOSE : UTF8PROC_DECOMPOSE)));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(result, &std::free);
  if (size < 0) throw std::bad_alloc();  // the only failure on valid text
  return {reinterpret_cast<const char*>(result), static_cast<std::size_t>(size)};
}

/// Valid UTF-8 in normal form C.
inline std::string to_nfc(std::string_view text) { return to_normal_form(text, NormalForm::c); }

}  // namespace painters::text
