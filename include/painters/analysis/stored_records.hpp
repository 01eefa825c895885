// The records of a study from the scores in a store.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <painters/analysis/definition.hpp>
#include <painters/analysis/record.hpp>
#include <painters/analysis/study_plans.hpp>
#include <painters/engine/score_store.hpp>
#include <painters/tasks/metrics.hpp>
#include <painters/tasks/tasks.hpp>

namespace painters::analysis {

/// The key under which a store keeps the scores of a source.
inline engine::Origin origin_of(const Source& source) {
  return {.model = source.fingerprint, .model_name = source.model, .precision = source.precision};
}

/// The outcomes that the scores of a task's requests give, one document after another.
inline Outcomes outcomes_of(const TaskDefinition& task, std::span<const engine::Score> scores) {
  Outcomes outcomes;
  for (const tasks::Document& document : task.documents) {
    const std::size_t count = document.requests.size();
    const auto result =
        tasks::judge(tasks::task_named(task.data.task), document, scores.first(count));
    scores = scores.subspan(count);
    outcomes.index.push_back(result.index);
    outcomes.correct.push_back(result.correct);
    if (result.correct_norm) outcomes.correct_norm.push_back(*result.correct_norm);
    outcomes.loglikelihood.push_back(result.loglikelihood);
  }
  return outcomes;
}

/// What a store knows about a study.
struct StoredRecords {
  std::vector<Record> records;  // one for each plan and task that is done
  double seconds = 0;           // how long the scores took
};

/// A record for each plan and task whose scores are all there.
inline StoredRecords stored_records(engine::StoreFile& file, const StudyDefinition& study) {
  const StudyPlans plans = study_plans(study.experiments(), study.data(), study.source.layers);
  const std::vector<engine::StoredPlan> keys = engine::stored_plans(plans.plans);
  StoredRecords stored;
  for (const TaskDefinition& task : study.tasks) {
    const engine::ScoreStore store(file, origin_of(study.source), keys, task.requests);
    const std::size_t count = task.requests.size();
    std::vector<std::vector<engine::Score>> scores(keys.size());
    std::vector<std::size_t> there(keys.size());
    store.for_each([&](std::size_t plan, std::size_t request, const engine::Score& score) {
      scores[plan].resize(count);
      scores[plan][request] = score;
      ++there[plan];
    });
    for (std::size_t plan = 0; plan < keys.size(); ++plan)
      if (there[plan] == count)
        stored.records.push_back(
            {study.source, task.data, plans.texts[plan], outcomes_of(task, scores[plan])});
    stored.seconds = store.seconds();
  }
  return stored;
}

}  // namespace painters::analysis
