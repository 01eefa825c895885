// "0..12, mean(13..19) x3, 20..31"_plan: the text form of a plan at compile time, a StaticPlan of
// exactly its size. A mistake in the text is a compile error that shows the sentence and the
// column.
#pragma once

#include <cstddef>
#include <string_view>

#include <painters/plan/parse.hpp>

namespace painters {

namespace plan_detail {

template <std::size_t Size>
struct FixedText {
  char characters[Size]{};

  constexpr FixedText(const char (&text)[Size]) {
    for (std::size_t i = 0; i < Size; ++i) characters[i] = text[i];
  }
  constexpr std::string_view view() const { return {characters, Size - 1}; }
};

}  // namespace plan_detail

inline namespace literals {

/// The methods of the paper need the depth as an argument here: "@skip(start=12, layers=32)"_plan.
template <plan_detail::FixedText text>
consteval auto operator""_plan() {
  constexpr std::size_t nodes = parse_plan(text.view()).size();
  return StaticPlan<nodes>(parse_plan(text.view()));
}

}  // namespace literals
}  // namespace painters
