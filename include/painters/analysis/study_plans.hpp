// The different plans of a study, and which of them run on which task.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include <painters/analysis/experiments.hpp>
#include <painters/analysis/record.hpp>
#include <painters/plan/parse.hpp>

namespace painters::analysis {

/// Plans are numbered in the order of the experiments, of which several can share one. The full
/// model comes first.
struct StudyPlans {
  std::vector<std::string> texts;          // in the text form
  std::vector<Plan> plans;                 // the same as values
  std::vector<std::vector<bool>> runs_on;  // [plan][task]
};

/// The plans of all experiments. Throws UsageError for one that a model of so many layers cannot
/// run.
inline StudyPlans study_plans(const std::vector<Experiment>& experiments,
                              const std::vector<DataSet>& tasks, std::size_t layers) {
  StudyPlans all;
  std::map<std::string, std::size_t> known;
  for (const Experiment& experiment : experiments) {
    const auto [at, is_new] = known.emplace(experiment.plan, all.plans.size());
    if (is_new) {
      all.texts.push_back(experiment.plan);
      all.plans.push_back(parse_plan(experiment.plan, layers));
      all.runs_on.emplace_back(tasks.size());
    }
    for (std::size_t t = 0; t < tasks.size(); ++t)
      if (runs_on(experiment.variant, tasks[t].task)) all.runs_on[at->second][t] = true;
  }
  return all;
}

}  // namespace painters::analysis
