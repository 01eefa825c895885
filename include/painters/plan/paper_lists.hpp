// Named lists of plans, as texts that parse_plan reads: what the paper's figures are made of.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <painters/plan/fail.hpp>

namespace painters {

/// A list that has a name on the command line.
struct PlanList {
  std::string_view name;     // as typed
  std::string_view meaning;  // for people
};

/// Windows are those of every start layer 0 .. layers / 2 - 1; see paper.hpp.
inline constexpr std::array<PlanList, 10> plan_lists{{
    {"paper", "all of the lists below, after the full model"},
    {"skip-one", "every single layer left out"},
    {"switch-two", "every layer exchanged with the next one"},
    {"skip-windows", "every window left out"},
    {"middle-repeat-windows", "the centre layer in place of every window"},
    {"reverse-windows", "every window backwards"},
    {"parallel-windows", "every window side by side"},
    {"looped-parallel-windows", "every window side by side, 3 times"},
    {"random-windows", "every window in 10 random orders"},
    {"loop-grid", "every window side by side, 1 to 28 times"},
}};

/// Fails with UsageError for a name that is none.
inline std::vector<std::string> plan_list(std::string_view name, std::size_t layers) {
  std::vector<std::string> texts;
  const auto method = [&](const char* call, std::size_t value, const std::string& more = "") {
    texts.push_back(call + std::to_string(value) + more + ")");
  };
  const auto windows = [&](const char* call, const std::string& more = "") {
    for (std::size_t start = 0; start < layers / 2; ++start) method(call, start, more);
  };
  if (name == "paper") {
    texts.push_back("@baseline");
    for (const PlanList& list : plan_lists)
      if (list.name != name)
        for (std::string& text : plan_list(list.name, layers)) texts.push_back(std::move(text));
  } else if (name == "skip-one") {
    for (std::size_t layer = 0; layer < layers; ++layer) method("@skip_one(layer=", layer);
  } else if (name == "switch-two") {
    for (std::size_t layer = 0; layer + 1 < layers; ++layer) method("@switch_two(layer=", layer);
  } else if (name == "skip-windows") {
    windows("@skip(start=");
  } else if (name == "middle-repeat-windows") {
    windows("@middle_repeat(start=");
  } else if (name == "reverse-windows") {
    windows("@reverse(start=");
  } else if (name == "parallel-windows") {
    windows("@looped_parallel(start=", ", repeats=1");
  } else if (name == "looped-parallel-windows") {
    windows("@looped_parallel(start=", ", repeats=3");
  } else if (name == "random-windows") {
    for (int seed = 0; seed < 10; ++seed)
      windows("@random(start=", ", seed=" + std::to_string(seed));
  } else if (name == "loop-grid") {
    for (int loops = 1; loops <= 28; ++loops)
      windows("@looped_parallel(start=", ", repeats=" + std::to_string(loops));
  } else {
    std::string names;
    for (const PlanList& list : plan_lists)
      names += (names.empty() ? "" : ", ") + std::string(list.name);
    plan_detail::fail("there is no list of plans \"{}\": choose one of {}",
                      {name, std::string_view(names)});
  }
  return texts;
}

}  // namespace painters
