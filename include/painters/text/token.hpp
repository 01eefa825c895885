// Token ids: indices into a model's vocabulary.
#pragma once

#include <cstdint>
#include <vector>

namespace painters::text {

using TokenId = std::int32_t;         // the index in the vocabulary
using Tokens = std::vector<TokenId>;  // a text

}  // namespace painters::text
