// The one table of the paper's methods: the text form, the named lists of plans, the help of the
// program and the report all read it. A new method is a function in paper.hpp and a row here.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <vector>

#include <painters/plan/build.hpp>
#include <painters/plan/fail.hpp>
#include <painters/plan/paper.hpp>
#include <painters/plan/plan.hpp>
#include <painters/plan/sequence.hpp>
#include <painters/plan/validate.hpp>
#include <painters/plan/window.hpp>

namespace painters::paper {

/// An argument of a method: what it may be, and which values the paper's figures have.
struct Argument {
  std::string_view name;  // as texts write it; empty: the method has no such argument
  std::uint64_t example;  // what sentences about the method show
  std::uint64_t first;    // the smallest value in the figures
  std::size_t (*count)(std::size_t layers);  // how many values from there on, for a depth
  /// Fails where the value means nothing for a model of so many layers; `column`: see
  /// plan_detail::fail.
  void (*require)(std::uint64_t value, std::size_t layers, std::size_t column);
};

/// The values of a method's arguments, in the order of the table; 0 for those that it lacks.
using Values = std::array<std::uint64_t, 2>;

/// Everything there is to know about a method.
struct Method {
  std::string_view name;              // as texts write it behind the @
  std::array<Argument, 2> arguments;  // the first says where, the second how
  /// The plan of all layers, changed; the values have been checked.
  Plan (*change)(const Plan& all, const Values& values);
  std::string_view meaning;  // for people: what runs
};

}  // namespace painters::paper

namespace painters::plan_detail {

// What an argument may be. Named functions, not lambdas: the compiler shows each one between the
// user's line and a mistake, and lambdas twice.
constexpr void require_nothing(std::uint64_t, std::size_t, std::size_t) {}
constexpr void require_start(std::uint64_t start, std::size_t layers, std::size_t column) {
  paper_window(layers, start, column);
}
constexpr void require_layer(std::uint64_t layer, std::size_t layers, std::size_t column) {
  require_layer_inside(layer, layers, column);
}
constexpr void require_neighbours(std::uint64_t layer, std::size_t layers, std::size_t column) {
  require_layer_inside(layer, layers, column);
  require_layer_inside(layer + 1, layers, column);
}
constexpr void require_repeats(std::uint64_t repeats, std::size_t, std::size_t column) {
  require_times(repeats, column);
}

template <std::size_t number>
constexpr std::size_t always(std::size_t) {
  return number;
}
constexpr std::size_t as_many_as_layers(std::size_t layers) { return layers; }
constexpr std::size_t as_many_as_neighbours(std::size_t layers) {
  return layers > 0 ? layers - 1 : 0;
}

}  // namespace painters::plan_detail

namespace painters::paper {

/// The arguments that methods share.
namespace arguments {

/// The method has no such argument.
inline constexpr Argument none{"", 0, 0, plan_detail::always<1>, plan_detail::require_nothing};
/// The last layer in front of a window.
inline constexpr Argument start{"start", 12, 0, paper_starts, plan_detail::require_start};
/// One layer.
inline constexpr Argument layer{"layer", 12, 0, plan_detail::as_many_as_layers,
                                plan_detail::require_layer};
/// The first of two neighbours.
inline constexpr Argument neighbour{"layer", 12, 0, plan_detail::as_many_as_neighbours,
                                    plan_detail::require_neighbours};
/// What a random order is drawn with; the paper averages over ten.
inline constexpr Argument seed{"seed", 3, 0, plan_detail::always<10>, plan_detail::require_nothing};
/// How often a window runs; the paper's figure 10 goes up to 28 times.
inline constexpr Argument repeats{"repeats", 3, 1, plan_detail::always<28>,
                                  plan_detail::require_repeats};

}  // namespace arguments

/// What a row does with the plan of all layers: a function of paper.hpp, given as many values as it
/// takes.
template <auto function>
constexpr Plan changed(const Plan& all, [[maybe_unused]] const Values& values) {
  using Function = decltype(function);
  if constexpr (std::is_invocable_v<Function, std::uint64_t, std::uint64_t>)
    return all | function(values[0], values[1]);
  else if constexpr (std::is_invocable_v<Function, std::uint64_t>)
    return all | function(values[0]);
  else
    return all | function();
}

// Every member is written out: g++ 12 cannot read an omitted one in a constant expression that
// fails.
/// All methods, in the order in which sentences list them.
inline constexpr auto methods = std::to_array<Method>({
    {"baseline", {arguments::none, arguments::none}, changed<baseline>, "all layers in order"},
    {"skip", {arguments::start, arguments::none}, changed<skip>, "without the window"},
    {"reverse", {arguments::start, arguments::none}, changed<reverse>, "the window backwards"},
    {"middle_repeat",
     {arguments::start, arguments::none},
     changed<middle_repeat>,
     "copies of the centre layer in place of the window"},
    {"random",
     {arguments::start, arguments::seed},
     changed<random>,
     "the window in the random order of this seed"},
    {"looped_parallel",
     {arguments::start, arguments::repeats},
     changed<looped_parallel>,
     "the layers of the window side by side, so many times"},
    {"skip_one", {arguments::layer, arguments::none}, changed<skip_one>, "without this layer"},
    {"switch_two",
     {arguments::neighbour, arguments::none},
     changed<switch_two>,
     "this layer and the next one exchanged"},
    {"double_repeat",
     {arguments::start, arguments::none},
     changed<double_repeat>,
     "each layer of the window twice"},
    {"triple_repeat",
     {arguments::start, arguments::none},
     changed<triple_repeat>,
     "each layer of the window three times"},
});

/// Where the method of that name is in the table; methods.size() if there is none. Not a pointer,
/// because with its sanitizers g++ does not accept a comparison with nullptr as a constant.
constexpr std::size_t find_method(std::string_view name) {
  std::size_t i = 0;
  while (i < methods.size() && methods[i].name != name) ++i;
  return i;
}

/// The method of a name that is in the table; in a constant expression any other is a compile
/// error.
constexpr const Method& method_named(std::string_view name) {
  const std::size_t found = find_method(name);
  if (found == methods.size()) plan_detail::fail("the paper has no method {}", {name});
  return methods[found];
}

/// The values of an argument in the paper's figures, for a model of so many layers, ascending.
inline std::vector<std::uint64_t> figure_values(const Argument& argument, std::size_t layers) {
  std::vector<std::uint64_t> values(argument.count(layers));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = argument.first + i;
  return values;
}

/// The plan of a method for a model of so many layers. Fails where a value means nothing for it;
/// `column`: see plan_detail::fail.
constexpr Plan plan_of(const Method& method, std::size_t layers, const Values& values,
                       std::size_t column = 0) {
  const Plan all = Sequence{layers};
  for (std::size_t i = 0; i < values.size(); ++i)
    method.arguments[i].require(values[i], layers, column);
  return method.change(all, values);
}

}  // namespace painters::paper
