// Values of GGUF metadata: checked once when the file is opened, decoded into C++ types when they
// are asked for.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace painters::formats {

/// Type numbers of the GGUF specification.
enum class GgufType : std::uint32_t {
  uint8,
  int8,
  uint16,
  int16,
  uint32,
  int32,
  float32,
  boolean,
  string,
  array,
  uint64,
  int64,
  float64
};
inline constexpr std::uint32_t gguf_type_count = 13;  // of GgufType

/// As messages call it.
constexpr std::string_view type_name(GgufType type) {
  constexpr std::array<std::string_view, gguf_type_count> names{
      "uint8", "int8",   "uint16", "int16",  "uint32", "int32",  "float32",
      "bool",  "string", "array",  "uint64", "int64",  "float64"};
  return names[static_cast<std::uint32_t>(type)];
}

/// Bytes of a value; 0 for strings and arrays, which say their own length.
constexpr std::size_t fixed_size(GgufType type) {
  constexpr std::array<std::size_t, gguf_type_count> sizes{1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};
  return sizes[static_cast<std::uint32_t>(type)];
}

/// A value in the file. Its bytes are complete and well-formed, nested arrays included: GgufReader
/// has walked them.
struct GgufValue {
  GgufType type = GgufType::uint8;   // which of the members of GgufType is meant
  const std::byte* bytes = nullptr;  // in the memory map
};

namespace detail {

template <class T>
T gguf_load(const std::byte* bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;

/// Calls f(number) with an integer or floating-point value as the type that the file has; false for
/// other types.
template <class F>
bool gguf_visit_number(const GgufValue& v, F f) {
  switch (v.type) {
    case GgufType::uint8:
      f(gguf_load<std::uint8_t>(v.bytes));
      return true;
    case GgufType::int8:
      f(gguf_load<std::int8_t>(v.bytes));
      return true;
    case GgufType::uint16:
      f(gguf_load<std::uint16_t>(v.bytes));
      return true;
    case GgufType::int16:
      f(gguf_load<std::int16_t>(v.bytes));
      return true;
    case GgufType::uint32:
      f(gguf_load<std::uint32_t>(v.bytes));
      return true;
    case GgufType::int32:
      f(gguf_load<std::int32_t>(v.bytes));
      return true;
    case GgufType::uint64:
      f(gguf_load<std::uint64_t>(v.bytes));
      return true;
    case GgufType::int64:
      f(gguf_load<std::int64_t>(v.bytes));
      return true;
    case GgufType::float32:
      f(gguf_load<float>(v.bytes));
      return true;
    case GgufType::float64:
      f(gguf_load<double>(v.bytes));
      return true;
    default:
      return false;
  }
}

inline std::string_view gguf_string(const std::byte* bytes) {
  return {reinterpret_cast<const char*>(bytes) + 8,
          static_cast<std::size_t>(gguf_load<std::uint64_t>(bytes))};
}

/// The bytes that a well-formed value takes.
inline std::size_t gguf_size(const GgufValue& v) {
  if (v.type == GgufType::string) return 8 + gguf_string(v.bytes).size();
  if (v.type != GgufType::array) return fixed_size(v.type);
  const GgufType element = gguf_load<GgufType>(v.bytes);
  const auto count = static_cast<std::size_t>(gguf_load<std::uint64_t>(v.bytes + 4));
  if (fixed_size(element) != 0) return 12 + count * fixed_size(element);
  std::size_t size = 12;
  for (std::size_t i = 0; i < count; ++i) size += gguf_size({element, v.bytes + size});
  return size;
}

}  // namespace detail

/// The value as T: bool, an integer type (from any integer type, if the number fits), float or
/// double (from float32 or float64), std::string_view or std::string, or a std::vector of these,
/// nested as the file's arrays are. Empty if the file's type or number does not fit T.
template <class T>
std::optional<T> gguf_as(const GgufValue& v) {
  if constexpr (std::same_as<T, bool>) {
    if (v.type == GgufType::boolean) return detail::gguf_load<std::uint8_t>(v.bytes) != 0;
  } else if constexpr (std::integral<T>) {
    std::optional<T> result;
    detail::gguf_visit_number(v, [&result](auto number) {
      if constexpr (std::integral<decltype(number)>) {
        if (std::in_range<T>(number)) result = static_cast<T>(number);
      }
    });
    return result;
  } else if constexpr (std::floating_point<T>) {
    std::optional<T> result;
    detail::gguf_visit_number(v, [&result](auto number) {
      if constexpr (std::floating_point<decltype(number)>) result = static_cast<T>(number);
    });
    return result;
  } else if constexpr (detail::is_vector<T>) {
    if (v.type != GgufType::array) return std::nullopt;
    const GgufType element = detail::gguf_load<GgufType>(v.bytes);
    const auto count = static_cast<std::size_t>(detail::gguf_load<std::uint64_t>(v.bytes + 4));
    T result;
    const std::byte* at = v.bytes + 12;
    for (std::size_t i = 0; i < count; ++i) {
      auto one = gguf_as<typename T::value_type>({element, at});
      if (!one) return std::nullopt;
      result.push_back(std::move(*one));
      at += detail::gguf_size({element, at});
    }
    return result;
  } else {
    static_assert(std::same_as<T, std::string_view> || std::same_as<T, std::string>,
                  "painters: metadata can be read as bool, an integer, float, double, string or a "
                  "vector of these");
    if (v.type == GgufType::string) return T(detail::gguf_string(v.bytes));
  }
  return std::nullopt;
}

/// What T is called in messages.
template <class T>
std::string gguf_expected() {
  if constexpr (std::same_as<T, bool>)
    return "a bool";
  else if constexpr (std::integral<T>)
    return (std::is_signed_v<T> ? "an integer of " : "an unsigned integer of ") +
           std::to_string(8 * sizeof(T)) + " bits";
  else if constexpr (std::floating_point<T>)
    return "a floating-point number";
  else if constexpr (detail::is_vector<T>)
    return "an array, each element " + gguf_expected<typename T::value_type>();
  else
    return "a string";
}

/// What the file has, for messages: "uint32", "array of string", "int32 -1".
inline std::string gguf_found(const GgufValue& v) {
  std::string text(type_name(v.type));
  if (v.type == GgufType::array)
    return text + " of " + std::string(type_name(detail::gguf_load<GgufType>(v.bytes)));
  detail::gguf_visit_number(v, [&text](auto number) { text += " " + std::to_string(number); });
  return text;
}

}  // namespace painters::formats
