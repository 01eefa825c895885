// A summary of many plans: by method, and what they cost one by one and together.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <painters/plan/application_graph.hpp>
#include <painters/plan/queries.hpp>

#include "common.hpp"
#include "plan_costs.hpp"
#include "plan_method.hpp"
#include "units.hpp"

namespace painters::cli {

namespace detail {

inline std::uint64_t calls_one_by_one(const std::vector<NamedPlan>& plans) {
  std::uint64_t count = 0;
  for (const NamedPlan& named : plans) count += calls(named.plan);
  return count;
}

inline Cost cost_one_by_one(const std::vector<NamedPlan>& plans, const PlanCosts& costs) {
  Cost sum;
  for (const NamedPlan& named : plans) sum += costs.plan(named.plan);
  return sum;
}

/// The calls of all plans, shared ones counted once. The graph takes memory for each call, so there
/// is no count if nobody could run the plans.
inline std::optional<ApplicationGraph> graph_of(const std::vector<NamedPlan>& plans) {
  constexpr std::uint64_t most_counted = 20'000'000;
  if (calls_one_by_one(plans) > most_counted) return std::nullopt;
  ApplicationGraph graph;
  for (const NamedPlan& named : plans) graph.add(named.plan);
  return graph;
}

}  // namespace detail

/// A line for each method, in the order of its first plan. `costs` may be null.
inline void print_methods(const std::vector<NamedPlan>& plans, const PlanCosts* costs) {
  std::vector<std::pair<std::string, std::vector<NamedPlan>>> methods;
  for (const NamedPlan& named : plans) {
    const std::string method = method_of(named.text);
    auto found = std::find_if(methods.begin(), methods.end(),
                              [&](const auto& known) { return known.first == method; });
    if (found == methods.end()) found = methods.insert(found, {method, {}});
    found->second.push_back(named);
  }
  const auto line = [&](const auto& count, const auto& all, const std::string& distinct,
                        const std::string& time, const std::string& method) {
    fmt::print("{:>6} {:>10} {:>10} {}  {}\n", count, all, distinct,
               costs ? fmt::format("{:>9}", time) : "", method);
  };
  line("plans", "calls", "distinct", "time", "method");
  for (const auto& [method, some] : methods) {
    const auto graph = detail::graph_of(some);
    line(some.size(), detail::calls_one_by_one(some),
         graph ? std::to_string(graph->applications()) : "",
         graph && costs ? estimate_text(costs->graph(*graph).seconds) : "", method);
  }
  fmt::print(
      "\ndistinct: calls when what plans have in common is computed once{}\n"
      "--list shows a line for each plan\n",
      costs ? "; time: of these" : "");
}

/// What all plans cost, one by one and together. `costs` may be null.
inline void print_summary(const std::vector<NamedPlan>& plans, const PlanCosts* costs) {
  const auto graph = detail::graph_of(plans);
  const std::uint64_t alone = detail::calls_one_by_one(plans);
  const std::size_t together = graph ? graph->applications() : 0;
  fmt::print("\n{} plans, {} calls one by one", plans.size(), alone);
  if (together > 0)
    fmt::print(", {} when what they have in common\nis computed once: {:.2f} times fewer", together,
               static_cast<double>(alone) / static_cast<double>(together));
  fmt::print("\n");
  if (!costs) return;

  const Cost one_by_one = detail::cost_one_by_one(plans, *costs);
  const Cost shared = graph ? costs->graph(*graph) : Cost{};
  const auto line = [&](const char* name, const std::string& a, const std::string& b) {
    fmt::print("{:<7} {:>11}{}\n", name, a, graph ? fmt::format("  {:>11}", b) : "");
  };
  fmt::print("\n{}\n", costs->basis());
  line("", "one by one", "together");
  line("calls", std::to_string(alone), std::to_string(together));
  line("work", flops_text(one_by_one.flops), flops_text(shared.flops));
  line("time", estimate_text(one_by_one.seconds), estimate_text(shared.seconds));
  fmt::print("{}", costs->left_out());
}

/// What print_summary prints, for programs.
inline nlohmann::json summary_json(const std::vector<NamedPlan>& plans, const PlanCosts* costs) {
  const auto graph = detail::graph_of(plans);
  nlohmann::json json{{"calls_one_by_one", detail::calls_one_by_one(plans)}};
  if (graph) json["calls_together"] = graph->applications();
  if (!costs) return json;
  const Cost one_by_one = detail::cost_one_by_one(plans, *costs);
  json["flops_one_by_one"] = one_by_one.flops;
  json["seconds_one_by_one"] = one_by_one.seconds;
  if (!graph) return json;
  const Cost together = costs->graph(*graph);
  json["flops_together"] = together.flops;
  json["seconds_together"] = together.seconds;
  return json;
}

}  // namespace painters::cli
