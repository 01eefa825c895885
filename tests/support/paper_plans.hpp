// The plans of all figures of the paper.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <painters/plan/paper_lists.hpp>
#include <painters/plan/parse.hpp>
#include <painters/plan/plan.hpp>

namespace painters::support {

/// The list "paper", with or without the grid of loops (Fig. 10).
inline std::vector<Plan> paper_plans(std::size_t layers, bool with_grid) {
  std::vector<Plan> plans{parse_plan("@baseline", layers)};
  for (const PlanList& list : plan_lists)
    if (list.name != "paper" && (with_grid || list.name != "loop-grid"))
      for (const std::string& text : plan_list(list.name, layers))
        plans.push_back(parse_plan(text, layers));
  return plans;
}

}  // namespace painters::support
