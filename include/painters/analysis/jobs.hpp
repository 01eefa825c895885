// What is still to be run: each plan once for each task.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <painters/analysis/experiments.hpp>
#include <painters/analysis/record.hpp>
#include <painters/analysis/results.hpp>
#include <painters/plan/parse.hpp>
#include <painters/plan/queries.hpp>

namespace painters::analysis {

/// A plan to run on a task, which no record has yet.
struct Job {
  std::string text;
  Plan plan;
  std::size_t task = 0;    // in the list of tasks
  std::uint64_t cost = 0;  // documents times layers called
};

/// What `results` lacks, in the order of the experiments. Experiments with the same plan share a
/// job.
inline std::vector<Job> remaining(const std::vector<Experiment>& experiments, const Source& source,
                                  const std::vector<DataSet>& tasks, const Results& results) {
  std::vector<Job> jobs;
  std::set<std::pair<std::string, std::size_t>> known;
  for (const Experiment& experiment : experiments)
    for (std::size_t t = 0; t < tasks.size(); ++t) {
      if (!runs_on(experiment.method, tasks[t].task)) continue;
      if (!known.emplace(experiment.plan, t).second) continue;
      if (results.find(source, tasks[t], experiment.plan)) continue;
      Plan plan = parse_plan(experiment.plan, source.layers);
      const std::uint64_t cost = calls(plan) * tasks[t].documents;
      jobs.push_back({experiment.plan, std::move(plan), t, cost});
    }
  return jobs;
}

}  // namespace painters::analysis
