// Reads the paper's methods in the text of a plan: @skip(start=12), @random(start=12, seed=3).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <painters/plan/fail.hpp>
#include <painters/plan/method_text.hpp>
#include <painters/plan/paper_methods.hpp>
#include <painters/plan/plan.hpp>
#include <painters/plan/print.hpp>
#include <painters/plan/scanner.hpp>
#include <painters/plan/validate.hpp>

namespace painters {

namespace plan_detail {

constexpr std::string_view view_of(const std::vector<char>& text) {
  return {text.data(), text.size()};
}

/// All methods, as a literal, because compilers print nothing else.
#define PAINTERS_A_METHOD                                                           \
  PAINTERS_EXPECTED(                                                                \
      "a method: baseline, skip, reverse, middle_repeat, random, looped_parallel, " \
      "skip_one, switch_two, double_repeat or triple_repeat")
static_assert(PAINTERS_A_METHOD.what.substr(10) == view_of(method_names()),
              "the methods listed above have to be those of paper_methods.hpp");

/// Reads one method from its @ on. `layers`: the model's depth, or any_depth where the text must
/// say it.
class MethodReader {
 public:
  constexpr MethodReader(Scanner& scan, std::size_t layers)
      : scan_(scan), layers_(layers), column_(scan.column()) {}

  /// Reads the method and its arguments, all of which must be there.
  constexpr const paper::Method& read() {
    scan_.expect('@', PAINTERS_EXPECTED("'@'"));
    const std::size_t column = scan_.column();
    const std::size_t found = paper::find_method(scan_.word());
    if (found == paper::methods.size()) scan_.expected(PAINTERS_A_METHOD, column);
    const paper::Method& method = paper::methods[found];
    if (scan_.accept('(')) {
      do argument(method);
      while (scan_.accept(','));
      scan_.expect(')', PAINTERS_EXPECTED("',' or ')'"));
    }
    for (std::size_t i = 0; i < values_.size(); ++i)
      if (!method.arguments[i].name.empty() && !given_[i])
        fail(
            "@{} needs the argument {}: {}",
            {method.name, method.arguments[i].name, view_of(method_usage(method))}, column_,
            "a method needs all its arguments, as in @random(start=12, seed=3), found one missing: "
            "add it");
    return method;
  }

  /// The values of the arguments that were read.
  constexpr const paper::Values& values() const { return values_; }
  /// The depth that the text is for. Fails if neither the text nor the caller gives it.
  constexpr std::size_t layers(const paper::Method& method) const {
    if (layers_ == any_depth)
      fail("@{} needs the number of layers: add the argument layers=32", {method.name}, column_,
           "a method needs the number of layers: add the argument layers=32");
    return layers_;
  }
  /// Where the @ is.
  constexpr std::size_t column() const { return column_; }

 private:
  constexpr void argument(const paper::Method& method) {
    const std::size_t column = scan_.column();
    const std::string_view name = scan_.word();
    if (name == "layers") return depth(column);
    for (std::size_t i = 0; i < values_.size(); ++i) {
      if (name.empty() || method.arguments[i].name != name) continue;
      if (given_[i])
        fail("an argument is given once, found {} twice", {name}, column,
             "an argument is given once, found it twice");
      given_[i] = true;
      scan_.expect('=', PAINTERS_EXPECTED("'='"));
      values_[i] = scan_.number(PAINTERS_EXPECTED("a whole number"));
      return;
    }
    fail("@{} is written {}, with layers=32 where the depth is not known; found {}",
         {method.name, view_of(method_usage(method)),
          name.empty() ? "an argument without a name" : name},
         column,
         "this method has no such argument: methods have start, layer, seed or repeats, as in "
         "@random(start=12, seed=3), and layers=32 where the depth is not known");
  }

  constexpr void depth(std::size_t column) {
    scan_.expect('=', PAINTERS_EXPECTED("'='"));
    const std::uint64_t number = scan_.number(PAINTERS_EXPECTED("a number of layers"));
    if (layers_ != any_depth && number != layers_)
      fail("the plan is made for {} layers, but the model has {}", {number, layers_}, column);
    require_nodes(number, column);
    layers_ = number;
  }

  Scanner& scan_;
  std::size_t layers_;
  std::size_t column_;
  paper::Values values_{};
  std::array<bool, 2> given_{};
};

#undef PAINTERS_A_METHOD

/// The plan of the method that is next in a text. Checks that may fail are not wrapped in more
/// functions, because the compiler shows each one between the user's line and the mistake.
constexpr Plan read_method(Scanner& scan, std::size_t layers) {
  MethodReader reader(scan, layers);
  const paper::Method& method = reader.read();
  return paper::plan_of(method, reader.layers(method), reader.values(), reader.column());
}

}  // namespace plan_detail

namespace paper {

/// The method, if a plan's text holds nothing else, as in "@skip(start=12)"; nullptr for any other
/// text, such as "@skip(start=12) x2" or "0..31". The text must be one that parse_plan accepts.
constexpr const Method* method_of(std::string_view text) {
  plan_detail::Scanner scan(text);
  if (scan.peek() != '@') return nullptr;
  const Method& method = plan_detail::MethodReader(scan, any_depth).read();
  return scan.at_end() ? &method : nullptr;
}

}  // namespace paper
}  // namespace painters
