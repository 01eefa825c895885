// The metadata of a GGUF model under the name of its architecture.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include <painters/formats/gguf.hpp>

namespace painters::models {

/// Keys such as "llama.block_count", asked for without the architecture: "block_count".
class GgufKeys {
 public:
  /// `file` must outlive this.
  GgufKeys(const formats::Gguf& file, std::string architecture)
      : file_(file), architecture_(std::move(architecture)) {}

  /// Throws Error if there is no such key, or if it is not a whole number.
  std::size_t size(const char* key) const { return file_.metadata<std::uint32_t>(name(key)); }
  /// Empty if there is no such key.
  std::optional<std::size_t> find_size(const char* key) const {
    const auto value = file_.find_metadata<std::uint32_t>(name(key));
    return value ? std::optional<std::size_t>(*value) : std::nullopt;
  }
  /// The same for other types, see formats::Gguf.
  template <class T>
  T get(const char* key) const {
    return file_.metadata<T>(name(key));
  }
  /// Empty if there is no such key.
  template <class T>
  std::optional<T> find(const char* key) const {
    return file_.find_metadata<T>(name(key));
  }

 private:
  std::string name(const char* key) const { return architecture_ + "." + key; }

  const formats::Gguf& file_;
  std::string architecture_;
};

}  // namespace painters::models
