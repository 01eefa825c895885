// What a model file holds, for people: tensors whose names differ only in the number of a layer are
// one group.
#pragma once

#include <cctype>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <painters/error.hpp>
#include <painters/formats/stored_tensor.hpp>

namespace painters::models {

/// The same tensor of every layer, or one tensor.
struct TensorGroup {
  std::string name;                          // {} for the layer's number
  std::size_t tensors = 0;                   // how many
  std::map<std::string, std::size_t> types;  // how many tensors of each, as the format calls it
  std::vector<std::size_t> shape;            // of the first, outermost first
  bool same_shape = true;                    // whether all have it
  std::size_t elements = 0;                  // of all
  std::size_t bytes = 0;                     // of all, in the file
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

namespace detail {

/// More elements than any file holds, few enough for their bytes in any type to be counted.
inline constexpr std::size_t most_elements = std::size_t{1} << 58;

/// total += the elements of a tensor. Types that we do not read may have any shape.
inline void add_elements(std::size_t& total, const formats::StoredTensor& tensor) {
  std::size_t elements = 1;
  bool fits = true;
  for (const std::size_t n : tensor.shape) {
    fits = fits && (n == 0 || elements <= most_elements / n);
    elements = fits ? elements * n : 0;
  }
  if (!fits || elements > most_elements - total)
    throw Error("expected tensors that a file can hold, found '" + tensor.name + "' of shape " +
                formats::shape_text(tensor.shape) + " among them; the file is damaged");
  total += elements;
}

}  // namespace detail

/// The groups in alphabetical order. Throws Error if all tensors together have more elements than
/// any file holds.
inline std::vector<TensorGroup> tensor_groups(const formats::TensorTable::Map& tensors) {
  std::map<std::string, TensorGroup> groups;
  std::size_t elements = 0;
  for (const auto& [name, tensor] : tensors) {
    TensorGroup& group = groups[name_of_group(name)];
    if (group.tensors == 0) group.shape = tensor.shape;
    group.same_shape = group.same_shape && group.shape == tensor.shape;
    const std::size_t before = elements;
    detail::add_elements(elements, tensor);
    ++group.tensors;
    ++group.types[tensor.type_name];
    group.elements += elements - before;
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
