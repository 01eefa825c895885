// The alphabet of byte-level vocabularies: every byte as a printable character, so that tokens can
// be written as text.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace painters::text {

namespace detail {

/// GPT-2's bytes_to_unicode: printable Latin-1 stands for itself, the 68 other bytes for U+0100
/// onwards, in order.
constexpr std::array<char16_t, 256> make_byte_alphabet() {
  std::array<char16_t, 256> alphabet{};
  char16_t next = 0x100;
  for (std::size_t b = 0; b < 256; ++b) {
    const bool printable = (b >= 0x21 && b <= 0x7e) || (b >= 0xa1 && b <= 0xac) || b >= 0xae;
    alphabet[b] = printable ? static_cast<char16_t>(b) : next++;
  }
  return alphabet;
}
inline constexpr std::array<char16_t, 256> byte_alphabet = make_byte_alphabet();

constexpr std::array<int, 0x144> make_byte_of() {
  std::array<int, 0x144> result{};
  for (int& b : result) b = -1;
  for (std::size_t b = 0; b < 256; ++b) result[byte_alphabet[b]] = static_cast<int>(b);
  return result;
}
inline constexpr std::array<int, 0x144> byte_of = make_byte_of();

}  // namespace detail

/// The UTF-8 text that stands for `bytes`: " the" is "Ġthe".
inline std::string to_byte_alphabet(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) {
    const char16_t c = detail::byte_alphabet[static_cast<unsigned char>(byte)];
    if (c < 0x80) {
      text += static_cast<char>(c);
    } else {
      text += static_cast<char>(0xc0 | c >> 6);
      text += static_cast<char>(0x80 | (c & 0x3f));
    }
  }
  return text;
}

/// The bytes that `text` stands for; empty if it has a character outside the alphabet.
inline std::optional<std::string> from_byte_alphabet(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::size_t c = static_cast<unsigned char>(text[i]);
    if (c >= 0x80) {  // the alphabet ends below U+0800: two bytes
      if ((c & 0xe0) != 0xc0 || i + 1 == text.size()) return std::nullopt;
      c = (c & 0x1f) << 6 | (static_cast<unsigned char>(text[++i]) & 0x3f);
    }
    if (c >= detail::byte_of.size() || detail::byte_of[c] < 0) return std::nullopt;
    bytes += static_cast<char>(detail::byte_of[c]);
  }
  return bytes;
}

}  // namespace painters::text
