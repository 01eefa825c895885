// A tensor as a model file holds it, and the table of all tensors of a model: what GGUF and
// safetensors have in common.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <painters/error.hpp>
#include <painters/tensor/element_type.hpp>
#include <painters/tensor/weight.hpp>

namespace painters::formats {

/// "[2, 3]".
inline std::string shape_text(std::span<const std::size_t> shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i)
    text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  return text + "]";
}

/// The types that we read, for messages: "F32, F16, ...".
inline std::string element_type_names() {
  std::string text;
  for (const tensor::ElementType type : tensor::element_types)
    (text += text.empty() ? "" : ", ") += tensor::traits(type).name;
  return text;
}

/// Its bytes lie inside the file that it comes from (checked when the file was opened) and live as
/// long as that file.
struct StoredTensor {
  std::string name;                         // as in the file
  std::string type_name;                    // as the format calls it
  std::optional<tensor::ElementType> type;  // empty for a type that we do not read
  std::vector<std::size_t> shape;           // outermost first: [outputs, inputs] for a matrix
  std::span<const std::byte> bytes;         // row after row

  /// As a rows x cols weight; rows = 1 takes a vector of cols. Throws Error if the type is unknown
  /// or the shape another.
  tensor::Weight weight(std::size_t rows, std::size_t cols) const {
    if (!type)
      throw Error("expected tensor '" + name + "' in one of the types " + element_type_names() +
                  ", found " + type_name + "; convert the model to one of these");
    const bool is_vector = shape.size() == 1 && rows == 1 && shape[0] == cols;
    const bool is_matrix = shape.size() == 2 && shape[0] == rows && shape[1] == cols;
    if (!is_vector && !is_matrix)
      throw Error(
          "expected tensor '" + name + "' of shape " +
          (rows == 1 ? shape_text(std::vector{cols}) : shape_text(std::vector{rows, cols})) +
          ", found " + shape_text(shape) +
          "; the file's configuration and its weights do not belong together");
    return {*type, bytes.data(), rows, cols};
  }
};

/// Tensors by name.
class TensorTable {
 public:
  using Map = std::map<std::string, StoredTensor, std::less<>>;  // by name

  /// False if there is a tensor of that name already.
  bool add(StoredTensor tensor) {
    std::string name = tensor.name;
    return map_.try_emplace(std::move(name), std::move(tensor)).second;
  }

  /// Null if there is none.
  const StoredTensor* find(std::string_view name) const {
    const auto it = map_.find(name);
    return it == map_.end() ? nullptr : &it->second;
  }

  /// Throws Error naming `source`, the file, if there is no such tensor.
  const StoredTensor& at(std::string_view name, std::string_view source) const {
    if (const StoredTensor* tensor = find(name)) return *tensor;
    throw Error("expected a tensor '" + std::string(name) + "' in " + std::string(source) +
                ", found none among its " + std::to_string(map_.size()) +
                " tensors; is this a model of the expected architecture?");
  }

  /// All of them.
  const Map& all() const { return map_; }

 private:
  Map map_;
};

}  // namespace painters::formats
