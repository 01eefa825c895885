// Lists in sentences: "a, b or c".
#pragma once

#include <iterator>
#include <string>
#include <string_view>

namespace painters {

/// name(element) for every element of a range, `last` before the last of them and commas before the
/// others.
template <class Range, class Name>
std::string joined(const Range& range, std::string_view last, const Name& name) {
  std::string text;
  for (auto at = std::begin(range); at != std::end(range); ++at) {
    if (at != std::begin(range)) text += std::next(at) == std::end(range) ? last : ", ";
    text += name(*at);
  }
  return text;
}

}  // namespace painters
