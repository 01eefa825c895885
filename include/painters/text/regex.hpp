// A compiled regular expression over Unicode text (PCRE2).
#pragma once

/// pcre2.h asks for it: texts are bytes.
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>

#include <painters/error.hpp>

namespace painters::text {

namespace detail {

/// `\s` as tokenizers mean it (Unicode's White_Space), written out: PCRE2's own `\s` also matches
/// U+180E.
inline std::string with_white_space_spelled_out(std::string_view pattern) {
  constexpr std::string_view space =
      "\\x09-\\x0d\\x20\\x{85}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{"
      "205f}\\x{3000}";
  std::string result;
  bool in_class = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '\\' && i + 1 < pattern.size()) {
      const char escaped = pattern[++i];
      if (escaped == 's')
        (result += in_class ? "" : "[").append(space) += in_class ? "" : "]";
      else if (escaped == 'S' && !in_class)
        (result += "[^").append(space) += "]";
      else
        (result += c) += escaped;
      continue;
    }
    if (c == '[') in_class = true;
    if (c == ']') in_class = false;
    result += c;
  }
  return result;
}

}  // namespace detail

/// Shared and immutable: copies are cheap, any number of threads may match at once.
class Regex {
 public:
  /// Throws Error if `pattern` is not a regular expression.
  explicit Regex(std::string_view pattern) {
    const std::string spelled = detail::with_white_space_spelled_out(pattern);
    int error = 0;
    PCRE2_SIZE at = 0;
    code_.reset(
        pcre2_compile(reinterpret_cast<PCRE2_SPTR>(spelled.data()), spelled.size(),
                      PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C, &error, &at, nullptr),
        &pcre2_code_free);
    if (!code_) {
      PCRE2_UCHAR message[128] = {};
      pcre2_get_error_message(error, message, sizeof message);
      throw Error("expected a regular expression, found " + std::string(pattern) + ": " +
                  reinterpret_cast<const char*>(message));
    }
    pcre2_jit_compile(code_.get(),
                      PCRE2_JIT_COMPLETE);  // where there is no JIT, matching is only slower
  }

  /// Calls f(piece, matched) for every match in `text` and for everything between matches, in
  /// order. `text` is valid UTF-8.
  template <class F>
  void split(std::string_view text, F&& f) const {
    const std::unique_ptr<pcre2_match_data, decltype(&pcre2_match_data_free)> match(
        pcre2_match_data_create(1, nullptr), &pcre2_match_data_free);
    const std::unique_ptr<pcre2_match_context, decltype(&pcre2_match_context_free)> limits(
        pcre2_match_context_create(nullptr), &pcre2_match_context_free);
    pcre2_set_match_limit(limits.get(), most_steps(text.size()));
    pcre2_set_heap_limit(limits.get(), most_kibibytes);
    std::size_t done = 0;
    for (std::size_t from = 0; from < text.size();) {
      const int found =
          pcre2_match(code_.get(), reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), from,
                      PCRE2_NO_UTF_CHECK | PCRE2_NOTEMPTY, match.get(), limits.get());
      if (found == PCRE2_ERROR_NOMATCH) break;
      if (found < 0)
        throw Error(
            "expected to split a text of " + std::to_string(text.size()) +
            " bytes into words, but the regular expression needs too many steps or too much "
            "memory for it; split the text");
      const PCRE2_SIZE* range = pcre2_get_ovector_pointer(match.get());
      if (range[0] > done) f(text.substr(done, range[0] - done), false);
      f(text.substr(range[0], range[1] - range[0]), true);
      done = from = range[1];
    }
    if (done < text.size()) f(text.substr(done), false);
  }

 private:
  /// For one match in a text of `size` bytes. Patterns of tokenizers take about one for each byte
  /// of a long run of blanks and fewer elsewhere; those that take exponentially many end here.
  static std::uint32_t most_steps(std::size_t size) {
    return static_cast<std::uint32_t>(
        std::min<std::size_t>(100'000 + 16 * size, std::numeric_limits<std::uint32_t>::max()));
  }
  static constexpr std::uint32_t most_kibibytes = 64 * 1024;

  std::shared_ptr<pcre2_code> code_;
};

}  // namespace painters::text
