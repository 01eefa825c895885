// Results of a model that does not exist: every document has a difficulty, every plan a strength,
// and a document is right where the strength is larger, so that plans are paired as real ones are.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <painters/analysis/experiments.hpp>
#include <painters/analysis/record.hpp>
#include <painters/tasks/tasks.hpp>

namespace synthetic {

using namespace painters::analysis;

inline double uniform(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return static_cast<double>((x ^ (x >> 31)) >> 11) * 0x1p-53;
}

inline Source source(std::size_t layers = 30) {
  return {.model = "Synthetic-135M",
          .fingerprint = "00112233aabbccdd",
          .layers = layers,
          .precision = "Q4_1, f32",
          .backend = "reference",
          .threads = 2,
          .version = "0.1.0"};
}

inline std::vector<DataSet> tasks(std::size_t documents) {
  std::vector<DataSet> sets;
  for (const painters::tasks::Task* task : painters::tasks::paper_tasks()) {
    const std::string name(task->name);
    sets.push_back({.task = name,
                    .file = name + ".jsonl",
                    .fingerprint = name,
                    .documents = documents,
                    .chance = task->chance});
  }
  return sets;
}

/// How much is left of the full model, 0 to 1, in the paper's order of harm.
inline double strength(const Experiment& experiment, std::size_t layers) {
  const double share = static_cast<double>(experiment.affected) / static_cast<double>(layers);
  const auto falls = [&](double speed) { return std::exp(-speed * std::pow(share, 1.5)); };
  const bool end = experiment.start == 0 || experiment.start + 2 >= layers;
  switch (experiment.variant) {
    case Variant::baseline:
      return 1;
    case Variant::skip_one:
      return end ? 0.05 : 0.9;
    case Variant::switch_two:
      return end ? 0.1 : 0.95;
    case Variant::skip:
      return falls(8);
    case Variant::middle_repeat:
      return experiment.affected == 1 ? 1 : falls(20);
    case Variant::reverse:
      return experiment.affected == 1 ? 1 : falls(3);
    case Variant::random:
      return experiment.affected == 1 ? 1 : falls(1.8);
    case Variant::parallel:
      return experiment.affected == 1 ? 1 : falls(5);
    case Variant::looped_parallel:
      return experiment.affected == 1 ? 0.8 : falls(0.9);
  }
  return 0;
}

inline Record record(const Experiment& experiment, const Source& source, const DataSet& data) {
  Record record{source, data, experiment.plan, {}};
  const std::uint64_t stream = std::hash<std::string>{}(data.task);
  const double full = data.chance + (0.9 - data.chance) * strength(experiment, source.layers);
  const std::uint64_t own = std::hash<std::string>{}(experiment.plan);
  for (std::size_t i = 0; i < data.documents; ++i) {
    const double difficulty = 0.9 * uniform(stream + i) + 0.1 * uniform(stream ^ own ^ (i << 20));
    const bool right = difficulty < full;
    record.outcomes.index.push_back(i);
    record.outcomes.correct.push_back(right);
    if (painters::tasks::task_named(data.task).has(painters::tasks::acc_norm))
      record.outcomes.correct_norm.push_back(right);
    record.outcomes.loglikelihood.push_back(-1 - 10 * difficulty / full);
  }
  return record;
}

/// The first `count` experiments on all their tasks.
inline std::vector<Record> records(const std::vector<Experiment>& experiments, std::size_t count,
                                   const Source& source, const std::vector<DataSet>& tasks) {
  std::vector<Record> list;
  for (std::size_t i = 0; i < std::min(count, experiments.size()); ++i)
    for (const DataSet& data : tasks)
      if (runs_on(experiments[i].variant, data.task))
        list.push_back(record(experiments[i], source, data));
  return list;
}

}  // namespace synthetic
