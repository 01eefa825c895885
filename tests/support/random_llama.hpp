// A small Llama of random weights, for tests to which the family does not matter.
#pragma once

#include "support/random_causal_lm.hpp"

namespace support {

using LlamaShape = CausalLmShape;    // the family is llama unless it says another
using RandomLlama = RandomCausalLm;  // the same

}  // namespace support
