// Plans as the files of golden numbers spell them: {"call": i} and {"mean": [i, ...]}.
#pragma once

#include <cstddef>

#include <nlohmann/json.hpp>

#include <painters/plan/build.hpp>
#include <painters/plan/sequence.hpp>

namespace support {

inline painters::Plan golden_plan(const nlohmann::json& stages) {
  painters::Plan plan;
  for (const nlohmann::json& stage : stages) {
    if (stage.contains("call")) {
      plan.append(painters::call(stage["call"].get<std::size_t>()));
      continue;
    }
    painters::Plan branches;
    for (const nlohmann::json& layer : stage.at("mean"))
      painters::plan_detail::append_branch(branches, 1, painters::call(layer.get<std::size_t>()));
    painters::plan_detail::append_group(plan, painters::NodeKind::mean, branches);
  }
  return plan;
}

}  // namespace support
