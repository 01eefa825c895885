// What a model file holds, for people: tensors that differ in the layer's number only are one
// group.
#pragma once

#include <cctype>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <painters/formats/stored_tensor.hpp>

namespace painters::models {

/// The same tensor of every layer, or one tensor.
struct TensorGroup {
  std::string name;         // {} for the layer's number
  std::size_t tensors = 0;  // how many
  std::map<std::string, std::size_t>
      types;                       // how many tensors of each type, as the format calls it
  std::vector<std::size_t> shape;  // of the first, outermost first
  bool same_shape = true;          // whether all have it
  std::size_t elements = 0;        // of all
  std::size_t bytes = 0;           // of all, in the file
};

/// "blk.{}.attn_q.weight" for "blk.12.attn_q.weight".
inline std::string name_of_group(std::string_view name) {
  const auto is_digit = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; };
  std::string result;
  for (std::size_t i = 0; i < name.size();) {
    std::size_t end = i;
    while (end < name.size() && is_digit(name[end])) ++end;
    const bool number =
        end > i && i > 0 && name[i - 1] == '.' && end < name.size() && name[end] == '.';
    if (number)
      result += "{}";
    else
      result += name.substr(i, end > i ? end - i : 1);
    i = end > i ? end : i + 1;
  }
  return result;
}

/// In alphabetical order.
inline std::vector<TensorGroup> tensor_groups(const formats::TensorTable::Map& tensors) {
  std::map<std::string, TensorGroup> groups;
  for (const auto& [name, tensor] : tensors) {
    TensorGroup& group = groups[name_of_group(name)];
    if (group.tensors == 0) group.shape = tensor.shape;
    group.same_shape = group.same_shape && group.shape == tensor.shape;
    std::size_t elements = 1;
    for (const std::size_t n : tensor.shape) elements *= n;
    ++group.tensors;
    ++group.types[tensor.type_name];
    group.elements += elements;
    group.bytes += tensor.bytes.size();
  }
  std::vector<TensorGroup> result;
  for (auto& [name, group] : groups) {
    group.name = name;
    result.push_back(std::move(group));
  }
  return result;
}

}  // namespace painters::models
