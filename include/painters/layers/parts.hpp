// The parts of a transformer block, as plans number them: 13.attention, 13.ffn. Each has its own
// normalisation and its own addition to the state.
#pragma once

#include <array>
#include <string_view>

#include <painters/plan/node.hpp>
#include <painters/plan/part_names.hpp>

namespace painters::layers {

inline constexpr Part attention = 1;  // every token looks at others
inline constexpr Part ffn = 2;        // feed-forward: every token by itself

/// Their names, part 1 first. Plans use them without a network, too.
inline constexpr const std::array<std::string_view, 2>& transformer_parts = usual_part_names;

}  // namespace painters::layers
