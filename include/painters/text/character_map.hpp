// The map of characters inside a tokenizer.model, checked: the sentencepiece library follows it
// without looking where it leads.
//
// The file is a protocol buffer; its fields 3 and 5 are messages whose field 2 is a map: the size
// of a double array (Darts-clone), the array, then texts that each end with a byte 0. A unit of the
// array has 32 bits: bits 0 to 7 and 31 are the label, bit 8 says that a value follows at its
// target, the rest is the way to that target.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace painters::text::detail {

/// Calls f(number, content) for every field of a message whose content is bytes; false if the bytes
/// are no message or f says false.
template <class F>
bool for_each_field(std::string_view message, F&& f) {
  const auto varint = [&](std::uint64_t& value) {
    value = 0;
    for (int shift = 0; shift < 64 && !message.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(message.front());
      message.remove_prefix(1);
      value |= std::uint64_t{byte & 0x7fu} << shift;
      if (byte < 0x80) return true;
    }
    return false;
  };
  while (!message.empty()) {
    std::uint64_t tag = 0, size = 0;
    if (!varint(tag)) return false;
    const auto kind = tag & 7;
    if (kind == 0) {
      if (!varint(size)) return false;
      continue;
    }
    if (kind == 1)
      size = 8;
    else if (kind == 5)
      size = 4;
    else if (kind != 2 || !varint(size))
      return false;
    if (size > message.size()) return false;
    if (kind == 2 && !f(tag >> 3, message.substr(0, static_cast<std::size_t>(size)))) return false;
    message.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

/// Whether every way through the map ends within it.
inline bool is_character_map(std::string_view bytes) {
  const auto number = [](std::string_view from, std::size_t index) {
    std::uint32_t value;
    std::memcpy(&value, from.data() + index * sizeof value, sizeof value);
    return value;
  };
  if (bytes.empty()) return true;
  if (bytes.size() < 4) return false;
  const std::size_t size = number(bytes, 0);
  bytes.remove_prefix(4);
  if (size > bytes.size() || size % 4 != 0 || size == 0) return false;
  const std::string_view texts = bytes.substr(size);
  if (texts.empty() || texts.back() != '\0') return false;
  const std::size_t units = size / 4;
  for (std::size_t i = 0; i < units; ++i) {
    const std::uint32_t unit = number(bytes, i);
    const bool is_followed = i == 0 || unit >> 31 == 0;
    if (!is_followed) continue;
    const std::size_t target = i ^ static_cast<std::size_t>(unit >> 10) << ((unit >> 9 & 1u) * 8);
    if ((target | 255) >= units) return false;  // any byte of a text may come next
    const bool has_value = unit >> 8 & 1u;
    if (has_value && (number(bytes, target) & 0x7fffffffu) >= texts.size()) return false;
  }
  return true;
}

/// Whether the maps of a serialized SentencePiece model, if it has any, can be followed.
inline bool has_good_character_maps(std::string_view model) {
  return for_each_field(model, [](std::uint64_t number, std::string_view field) {
    const bool is_normalizer = number == 3 || number == 5;
    return !is_normalizer ||
           for_each_field(field, [](std::uint64_t inner, std::string_view content) {
             return inner != 2 || is_character_map(content);
           });
  });
}

}  // namespace painters::text::detail
