// The metadata of a GGUF model under the name of its architecture.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <painters/error.hpp>
#include <painters/formats/gguf.hpp>
#include <painters/formats/gguf_value.hpp>

namespace painters::models {

/// Keys such as "llama.block_count", asked for without the architecture: "block_count".
class GgufKeys {
 public:
  /// `file` must outlive this.
  GgufKeys(const formats::Gguf& file, std::string architecture)
      : file_(file), architecture_(std::move(architecture)) {}

  /// A whole number, or an array with the same one for each layer. Throws Error if there is no such
  /// key, if it is something else, or if layers differ.
  std::size_t size(const char* key) const {
    if (const auto same = same_in_all_layers(key)) return *same;
    return file_.metadata<std::uint32_t>(name(key));
  }
  /// Empty if there is no such key.
  std::optional<std::size_t> find_size(const char* key) const {
    if (const auto same = same_in_all_layers(key)) return same;
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

  /// Empty if the key is no array.
  std::optional<std::size_t> same_in_all_layers(const char* key) const {
    const auto found = file_.all_metadata().find(name(key));
    if (found == file_.all_metadata().end() || found->second.type != formats::GgufType::array)
      return std::nullopt;
    const auto layers = file_.metadata<std::vector<std::uint32_t>>(name(key));
    if (layers.empty() || std::ranges::count(layers, layers[0]) != std::ssize(layers))
      throw Error("expected the same '" + name(key) + "' in all layers in " +
                  file_.path().string() + ", found different ones; such models cannot be run");
    return layers[0];
  }

  const formats::Gguf& file_;
  std::string architecture_;
};

}  // namespace painters::models
