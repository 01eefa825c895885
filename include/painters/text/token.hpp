// Token ids: indices into a model's vocabulary.
#pragma once

#include <cstdint>
#include <vector>

namespace painters::text {

using TokenId = std::int32_t;
using Tokens = std::vector<TokenId>;

}  // namespace painters::text
