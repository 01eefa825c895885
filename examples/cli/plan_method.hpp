// The paper's methods as people see them: which one a plan is, and what there is to choose from.
#pragma once

#include <string>
#include <string_view>

#include <fmt/format.h>

#include <painters/plan/method.hpp>
#include <painters/plan/method_text.hpp>
#include <painters/plan/paper_methods.hpp>

namespace painters::cli {

/// The method that a plan's text names, without its arguments, "@skip"; "other plans" for a text
/// that says more than that. The text must already have been read as a plan.
inline std::string method_of(std::string_view text) {
  const paper::Method* method = paper::method_of(text);
  return method ? "@" + std::string(method->name) : "other plans";
}

/// A line for each method: how it is written and what runs.
inline std::string methods_help() {
  std::string lines;
  for (const paper::Method& method : paper::methods)
    lines += fmt::format("  {:<40} {}\n", paper::usage(method), method.meaning);
  return lines;
}

}  // namespace painters::cli
