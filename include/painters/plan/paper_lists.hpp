// Named lists of plans, as texts that parse_plan reads: the plans behind the paper's figures.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <painters/plan/fail.hpp>
#include <painters/plan/method_text.hpp>
#include <painters/plan/paper_methods.hpp>
#include <painters/plan/print.hpp>

namespace painters {

/// A list that has a name on the command line.
struct PlanList {
  std::string_view name;                     // as typed
  std::string_view meaning;                  // for people
  const paper::Method* method;               // null: the full model, then all other lists
  std::optional<std::uint64_t> second = {};  // the only value of its second argument, if not all
};

/// Each method runs with every value in the paper's figures; "every window" means every start.
inline constexpr auto plan_lists = std::to_array<PlanList>({
    {"paper", "all of the lists below, after the full model", nullptr},
    {"skip-one", "every single layer left out", &paper::method_named("skip_one")},
    {"switch-two", "every layer exchanged with the next one", &paper::method_named("switch_two")},
    {"skip-windows", "every window left out", &paper::method_named("skip")},
    {"middle-repeat-windows", "the centre layer in place of every window",
     &paper::method_named("middle_repeat")},
    {"reverse-windows", "every window backwards", &paper::method_named("reverse")},
    {"parallel-windows", "every window side by side", &paper::method_named("looped_parallel"), 1},
    {"looped-parallel-windows", "every window side by side, 3 times",
     &paper::method_named("looped_parallel"), 3},
    {"random-windows", "every window in 10 random orders", &paper::method_named("random")},
    {"loop-grid", "every window side by side, 1 to 28 times",
     &paper::method_named("looped_parallel")},
});

/// The list of that name. Fails with UsageError for an unknown name.
constexpr const PlanList& plan_list_named(std::string_view name) {
  for (const PlanList& list : plan_lists)
    if (list.name == name) return list;
  std::vector<char> names;
  for (const PlanList& list : plan_lists) {
    plan_detail::append_word(names, names.empty() ? "" : ", ");
    plan_detail::append_word(names, list.name);
  }
  plan_detail::fail("there is no list of plans \"{}\": choose one of {}",
                    {name, std::string_view(names.data(), names.size())});
}

/// The plans of a list, as texts, for a model of so many layers.
inline std::vector<std::string> plan_texts(const PlanList& list, std::size_t layers) {
  std::vector<std::string> texts;
  if (list.method) {
    const auto& [where, how] = list.method->arguments;
    const auto seconds = list.second ? std::vector{*list.second} : figure_values(how, layers);
    for (const std::uint64_t second : seconds)
      for (const std::uint64_t first : figure_values(where, layers))
        texts.push_back(to_string(*list.method, {first, second}));
    return texts;
  }
  texts.push_back(to_string(paper::method_named("baseline"), {}));
  for (const PlanList& other : plan_lists)
    if (other.method)
      for (std::string& text : plan_texts(other, layers)) texts.push_back(std::move(text));
  return texts;
}

/// The plans of the list of that name. Fails with UsageError for an unknown name.
inline std::vector<std::string> plan_list(std::string_view name, std::size_t layers) {
  return plan_texts(plan_list_named(name), layers);
}

}  // namespace painters
