// Which of the paper's methods a plan's text is.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>

namespace painters::cli {

/// The paper's method that a plan's text is, without its arguments, "@skip"; "other plans" for all
/// that is more.
inline std::string method_of(const std::string& text) {
  const std::size_t end = std::min(text.find('('), text.size());
  const bool is_method = text.starts_with('@') && text.find_first_of(", ") >= end &&
                         (end == text.size() || text.find(')') + 1 == text.size());
  return is_method ? text.substr(0, end) : "other plans";
}

}  // namespace painters::cli
