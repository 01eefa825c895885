// Reads a StoredLinear from a model's file.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <painters/models/model_file.hpp>
#include <painters/models/stored_linear.hpp>
#include <painters/tensor/weight.hpp>

namespace painters::models {

/// Appends name.weight [rows, cols], and name.bias if `has_bias`; `order` says where the file has
/// the rows. Throws Error if there is no tensor of that name and shape.
inline void add_linear(StoredLinear& to, const ModelFile& file, const std::string& name,
                       std::size_t rows, std::size_t cols, bool has_bias,
                       const tensor::HeadRows& order = {}) {
  to.weight.push_back(file.matrix(name + ".weight", rows, cols));
  to.weight.back().order = order;
  if (!has_bias) return;
  const std::vector<float> more = file.vector(name + ".bias", rows, order);
  to.bias.insert(to.bias.end(), more.begin(), more.end());
}

}  // namespace painters::models
