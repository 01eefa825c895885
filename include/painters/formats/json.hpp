// JSON objects from untrusted files, with fields read by type and errors that say where.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <painters/error.hpp>
#include <painters/formats/file_kind.hpp>

namespace painters::formats {

namespace detail {

/// Parses `text`; refuses nesting beyond 64 levels and keys that occur twice. `place` is for
/// messages.
inline nlohmann::json parse_json(std::string_view text, const std::string& place) {
  std::vector<std::set<std::string>> keys;  // of the objects that are open
  const auto check = [&](int depth, nlohmann::json::parse_event_t event, nlohmann::json& parsed) {
    using Event = nlohmann::json::parse_event_t;
    if (depth > 64)
      throw Error("expected JSON nested at most 64 deep in " + place +
                  ", found more; the file is damaged");
    if (event == Event::object_start) keys.emplace_back();
    if (event == Event::object_end) keys.pop_back();
    if (event == Event::key && !keys.back().insert(parsed.get_ref<const std::string&>()).second)
      throw Error("expected every key once in a JSON object of " + place + ", found \"" +
                  parsed.get_ref<const std::string&>() + "\" twice; remove one");
    return true;
  };
  try {
    return nlohmann::json::parse(text.begin(), text.end(), check);
  } catch (const nlohmann::json::exception& e) {
    std::string mistake = e.what();  // quotes the text, all of it if need be
    if (std::size_t end = 200; mistake.size() > end) {
      while ((mistake[end] & 0xc0) == 0x80) --end;  // not within a character
      mistake = mistake.substr(0, end) + "...";
    }
    throw Error("expected JSON in " + place + ", found a mistake: " + mistake);
  }
}

template <class T>
inline constexpr bool is_json_vector = false;
template <class T>
inline constexpr bool is_json_vector<std::vector<T>> = true;

/// `value` as a T, without lossy conversions; empty if it is none.
template <class T>
std::optional<T> json_as(const nlohmann::json& value) {
  if constexpr (std::same_as<T, nlohmann::json>) {
    return value;
  } else if constexpr (std::same_as<T, bool>) {
    if (value.is_boolean()) return value.get<bool>();
  } else if constexpr (std::integral<T>) {
    if (value.is_number_unsigned() && std::in_range<T>(value.get<std::uint64_t>()))
      return value.get<T>();
    if (value.is_number_integer() && !value.is_number_unsigned() &&
        std::in_range<T>(value.get<std::int64_t>()))
      return value.get<T>();
  } else if constexpr (std::floating_point<T>) {
    if (value.is_number()) return value.get<T>();
  } else if constexpr (is_json_vector<T>) {
    if (!value.is_array()) return std::nullopt;
    T result;
    for (const nlohmann::json& element : value) {
      auto one = json_as<typename T::value_type>(element);
      if (!one) return std::nullopt;
      result.push_back(std::move(*one));
    }
    return result;
  } else {
    static_assert(std::same_as<T, std::string>,
                  "painters: a JSON field can be read as bool, a number, string or vector");
    if (value.is_string()) return value.get<std::string>();
  }
  return std::nullopt;
}

template <class T>
std::string json_expected() {
  if constexpr (std::same_as<T, bool>)
    return "true or false";
  else if constexpr (std::unsigned_integral<T>)
    return "a whole number from 0";
  else if constexpr (std::integral<T>)
    return "a whole number";
  else if constexpr (std::floating_point<T>)
    return "a number";
  else if constexpr (is_json_vector<T>)
    return "a list, each element " + json_expected<typename T::value_type>();
  else if constexpr (std::same_as<T, nlohmann::json>)
    return "any value";
  else
    return "a string";
}

/// At most 60 bytes of the value, for messages.
inline std::string json_excerpt(const nlohmann::json& value) {
  std::string text = value.dump(-1, ' ', true);  // ASCII: may be cut anywhere
  if (text.size() > 60) text = text.substr(0, 57) + "...";
  return text;
}

}  // namespace detail

/// An object and where it comes from ("config.json", "requests.jsonl, line 3").
class JsonObject {
 public:
  /// Throws Error if `text` is not JSON or not an object.
  static JsonObject parse(std::string_view text, std::string place) {
    nlohmann::json value = detail::parse_json(text, place);
    return JsonObject(std::move(value), std::move(place));
  }
  /// Throws Error if `value` is not an object.
  JsonObject(nlohmann::json value, std::string place)
      : value_(std::move(value)), place_(std::move(place)) {
    if (!value_.is_object())
      throw Error("expected a JSON object in " + place_ + ", found " +
                  detail::json_excerpt(value_));
  }

  /// The object itself.
  const nlohmann::json& value() const { return value_; }
  /// File and, within it, the path of keys, for messages.
  const std::string& place() const { return place_; }
  /// Whether there is such a key.
  bool contains(std::string_view key) const { return value_.contains(key); }

  /// Field `key` as T: bool, an integer or floating-point type, std::string, a std::vector of
  /// these, or nlohmann::json for what has a shape of its own. Empty if there is no such field or
  /// it is null; throws Error if it is not a T.
  template <class T>
  std::optional<T> find(std::string_view key) const {
    const auto it = value_.find(key);
    if (it == value_.end() || it->is_null()) return std::nullopt;
    std::optional<T> result = detail::json_as<T>(*it);
    if (!result)
      throw Error("expected \"" + std::string(key) + "\" in " + place_ + " to be " +
                  detail::json_expected<T>() + ", found " + detail::json_excerpt(*it));
    return result;
  }

  /// Field `key` as T; throws Error if there is no such field, it is null, or it is not a T.
  template <class T>
  T get(std::string_view key) const {
    if (std::optional<T> result = find<T>(key)) return std::move(*result);
    throw Error("expected a field \"" + std::string(key) + "\" in " + place_ + ", found none");
  }

  /// A field that is an object itself.
  JsonObject object(std::string_view key) const {
    return {get<nlohmann::json>(key), "\"" + std::string(key) + "\" of " + place_};
  }

 private:
  nlohmann::json value_;
  std::string place_;
};

/// The object in a JSON file. Throws Error if the file cannot be read or holds something else.
inline JsonObject read_json(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path))
    throw Error("expected a JSON file at " + path.string() +
                ", found none that can be read; check the path");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  refuse_other_kinds(text, "a JSON file", path);
  return JsonObject::parse(text, path.string());
}

}  // namespace painters::formats
