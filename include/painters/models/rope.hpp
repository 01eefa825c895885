// The rotary frequencies of a model; read_rope.hpp reads them.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace painters::models {

/// The rotary embedding of queries and keys.
struct Rope {
  double theta = 10000;                 // the base, rope_theta
  std::string scaling = "none";         // or "linear", "llama3"
  std::size_t columns = 0;              // the first ones of a head, which are turned
  std::vector<float> frequencies = {};  // [columns / 2], scaled
};

}  // namespace painters::models
