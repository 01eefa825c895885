// A cursor over the untrusted bytes of a GGUF file: nothing is read, skipped or allocated that the
// file does not hold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include <painters/error.hpp>
#include <painters/formats/gguf_value.hpp>

namespace painters::formats::detail {

class GgufReader {
 public:
  GgufReader(std::span<const std::byte> bytes, const std::filesystem::path& path)
      : bytes_(bytes), path_(&path) {}

  std::size_t position() const { return position_; }
  std::size_t remaining() const { return bytes_.size() - position_; }

  template <class T>
  T number(const char* what) {
    static_assert(std::is_arithmetic_v<T>);
    return gguf_load<T>(take(sizeof(T), what));
  }

  std::string_view string(const char* what) {
    const auto length = number<std::uint64_t>(what);
    return {reinterpret_cast<const char*>(take(length, what)), static_cast<std::size_t>(length)};
  }

  GgufType type(const char* what) {
    const auto raw = number<std::uint32_t>(what);
    if (raw >= gguf_type_count)
      fail(std::string("a type of metadata from 0 to 12 for ") + what, std::to_string(raw));
    return static_cast<GgufType>(raw);
  }

  /// Walks over a value of the given type, checks it and says where it is.
  GgufValue value(GgufType type, const char* what, int depth = 0) {
    const GgufValue result{type, bytes_.data() + position_};
    if (const std::size_t size = fixed_size(type); size != 0) {
      take(size, what);
    } else if (type == GgufType::string) {
      string(what);
    } else {
      if (depth == max_depth) fail("arrays nested at most 8 deep", "deeper ones");
      const GgufType element = this->type(what);
      const auto count = number<std::uint64_t>(what);
      if (const std::size_t each = fixed_size(element); each != 0) {
        if (count > remaining() / each) truncated(what, count, remaining() / each);
        take(count * each, what);
      } else {  // every element takes at least its own length: a wrong count ends with the file
        for (std::uint64_t i = 0; i < count; ++i) value(element, what, depth + 1);
      }
    }
    return result;
  }

  [[noreturn]] void fail(const std::string& expected, const std::string& found) const {
    throw Error("expected " + expected + " in the GGUF file " + path_->string() + ", found " +
                found + "; the file is damaged or not a GGUF file: fetch it again");
  }

 private:
  static constexpr int max_depth = 8;

  const std::byte* take(std::uint64_t size, const char* what) {
    if (size > remaining()) truncated(what, size, remaining());
    const std::byte* begin = bytes_.data() + position_;
    position_ += static_cast<std::size_t>(size);
    return begin;
  }
  [[noreturn]] void truncated(const char* what, std::uint64_t needed, std::uint64_t left) const {
    fail(std::to_string(needed) + " more for " + what + " at byte " + std::to_string(position_),
         "only " + std::to_string(left) + " before the end of the file");
  }

  std::span<const std::byte> bytes_;
  const std::filesystem::path* path_;
  std::size_t position_ = 0;
};

}  // namespace painters::formats::detail
