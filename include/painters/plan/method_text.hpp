// Writes the paper's methods as they stand in the text of a plan: "@random(start=12, seed=3)".
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <painters/plan/decimal.hpp>
#include <painters/plan/paper_methods.hpp>
#include <painters/plan/print.hpp>

namespace painters::plan_detail {

/// "@random(start=12, seed=3)"
constexpr std::vector<char> method_text(const paper::Method& method, const paper::Values& values) {
  std::vector<char> text;
  append_word(text, "@");
  append_word(text, method.name);
  bool has_arguments = false;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (method.arguments[i].name.empty()) continue;
    append_word(text, has_arguments ? ", " : "(");
    append_word(text, method.arguments[i].name);
    append_word(text, "=");
    append_number(text, values[i]);
    has_arguments = true;
  }
  if (has_arguments) append_word(text, ")");
  return text;
}

/// The same with the example values of its arguments.
constexpr std::vector<char> method_usage(const paper::Method& method) {
  return method_text(method, {method.arguments[0].example, method.arguments[1].example});
}

/// "baseline, skip, ... or triple_repeat"
constexpr std::vector<char> method_names() {
  std::vector<char> text;
  for (const paper::Method& method : paper::methods) {
    if (&method != &paper::methods.front())
      append_word(text, &method == &paper::methods.back() ? " or " : ", ");
    append_word(text, method.name);
  }
  return text;
}

}  // namespace painters::plan_detail

namespace painters::paper {

/// The text form of a method with these values: "@random(start=12, seed=3)".
inline std::string to_string(const Method& method, const Values& values) {
  const std::vector<char> text = plan_detail::method_text(method, values);
  return {text.begin(), text.end()};
}

/// An example of a method's text form.
inline std::string usage(const Method& method) {
  return to_string(method, {method.arguments[0].example, method.arguments[1].example});
}

}  // namespace painters::paper
