// Reads the paper's methods in the text of a plan: @skip(start=12), @random(start=12, seed=3).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <painters/plan/paper.hpp>
#include <painters/plan/scanner.hpp>
#include <painters/plan/sequence.hpp>
#include <painters/plan/validate.hpp>

namespace painters::plan_detail {

enum class MethodKind {
  baseline,
  skip,
  reverse,
  middle_repeat,
  random,
  looped_parallel,
  skip_one,
  switch_two,
  double_repeat,
  triple_repeat
};

/// A method with the names of its arguments in the order in which they are kept.
struct Method {
  MethodKind kind;
  std::string_view name;
  std::array<std::string_view, 2> arguments{};
  std::string_view usage;
};

// All names are written: g++ 12 cannot read those left out in a constant expression that fails.
inline constexpr std::array<Method, 10> methods{{
    {MethodKind::baseline, "baseline", {"", ""}, "@baseline"},
    {MethodKind::skip, "skip", {"start", ""}, "@skip(start=12)"},
    {MethodKind::reverse, "reverse", {"start", ""}, "@reverse(start=12)"},
    {MethodKind::middle_repeat, "middle_repeat", {"start", ""}, "@middle_repeat(start=12)"},
    {MethodKind::random, "random", {"start", "seed"}, "@random(start=12, seed=3)"},
    {MethodKind::looped_parallel,
     "looped_parallel",
     {"start", "repeats"},
     "@looped_parallel(start=12, repeats=3)"},
    {MethodKind::skip_one, "skip_one", {"layer", ""}, "@skip_one(layer=12)"},
    {MethodKind::switch_two, "switch_two", {"layer", ""}, "@switch_two(layer=12)"},
    {MethodKind::double_repeat, "double_repeat", {"start", ""}, "@double_repeat(start=12)"},
    {MethodKind::triple_repeat, "triple_repeat", {"start", ""}, "@triple_repeat(start=12)"},
}};

/// The plan of a method for `layers` layers; a and b are its arguments. `column` is where the text
/// names it.
constexpr Plan method_plan(MethodKind kind, std::size_t layers, std::uint64_t a, std::uint64_t b,
                           std::size_t column) {
  const Plan all = Sequence{layers};
  switch (kind) {
    case MethodKind::baseline:
      return all | paper::baseline();
    case MethodKind::skip_one:
      require_layer_inside(a, layers, column);
      return all | paper::skip_one(a);
    case MethodKind::switch_two:
      require_layer_inside(a, layers, column);
      require_layer_inside(a + 1, layers, column);
      return all | paper::switch_two(a);
    default:
      break;
  }
  paper_window(layers, a, column);
  switch (kind) {
    case MethodKind::skip:
      return all | paper::skip(a);
    case MethodKind::reverse:
      return all | paper::reverse(a);
    case MethodKind::middle_repeat:
      return all | paper::middle_repeat(a);
    case MethodKind::random:
      return all | paper::random(a, b);
    case MethodKind::looped_parallel:
      return all | paper::looped_parallel(a, require_times(b, column));
    case MethodKind::double_repeat:
      return all | paper::double_repeat(a);
    default:
      return all | paper::triple_repeat(a);
  }
}

/// Reads one method from its @ on. `layers`: the model's depth, or any_depth where the text must
/// say it.
class MethodReader {
 public:
  constexpr MethodReader(Scanner& scan, std::size_t layers)
      : scan_(scan), layers_(layers), column_(scan.column()) {}

  constexpr Plan read() {
    scan_.expect('@', "'@'");
    const Method& method = find();
    if (scan_.accept('(')) {
      do argument(method);
      while (scan_.accept(','));
      scan_.expect(')', "',' or ')'");
    }
    for (std::size_t i = 0; i < method.arguments.size(); ++i)
      if (!method.arguments[i].empty() && !given_[i])
        fail("@{} needs the argument {}: {}", {method.name, method.arguments[i], method.usage},
             column_);
    if (layers_ == any_depth)
      fail("@{} needs the number of layers: add the argument layers=32", {method.name}, column_);
    return method_plan(method.kind, layers_, values_[0], values_[1], column_);
  }

 private:
  constexpr const Method& find() {
    const std::size_t column = scan_.column();
    const std::string_view name = scan_.word();
    for (const Method& method : methods)
      if (method.name == name) return method;
    scan_.expected(
        "a method: baseline, skip, reverse, middle_repeat, random, looped_parallel, skip_one, "
        "switch_two, "
        "double_repeat or triple_repeat",
        column);
  }

  constexpr void argument(const Method& method) {
    const std::size_t column = scan_.column();
    const std::string_view name = scan_.word();
    if (name == "layers") return depth(column);
    for (std::size_t i = 0; i < method.arguments.size(); ++i) {
      if (name.empty() || method.arguments[i] != name) continue;
      if (given_[i]) fail("an argument is given once, found {} twice", {name}, column);
      given_[i] = true;
      scan_.expect('=', "'='");
      values_[i] = scan_.number("a whole number");
      return;
    }
    fail("@{} is written {}, with layers=32 where the depth is not known; found {}",
         {method.name, method.usage, name.empty() ? "an argument without a name" : name}, column);
  }

  constexpr void depth(std::size_t column) {
    scan_.expect('=', "'='");
    const std::uint64_t number = scan_.number("a number of layers");
    if (layers_ != any_depth && number != layers_)
      fail("the plan is made for {} layers, the model has {}", {number, layers_}, column);
    require_nodes(number, column);
    layers_ = number;
  }

  Scanner& scan_;
  std::size_t layers_;
  std::size_t column_;
  std::array<std::uint64_t, 2> values_{};
  std::array<bool, 2> given_{};
};

constexpr Plan read_method(Scanner& scan, std::size_t layers) {
  return MethodReader(scan, layers).read();
}

}  // namespace painters::plan_detail
