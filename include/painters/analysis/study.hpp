// Experiments and records put together: every score with its interval, and the curves of the
// paper's figures.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <painters/analysis/estimate.hpp>
#include <painters/analysis/experiments.hpp>
#include <painters/analysis/record.hpp>
#include <painters/analysis/statistics.hpp>
#include <painters/analysis/variant.hpp>
#include <painters/tasks/tasks.hpp>

namespace painters::analysis {

/// What one plan reached on one task.
struct PlanScore {
  std::size_t documents = 0;              // how many it is a mean over
  Estimate accuracy;                      // the share of right answers
  Interval accuracy_interval;             // Wilson's, which has a width at 0 and at 1, too
  std::optional<Estimate> accuracy_norm;  // per character, for tasks with that metric
  Estimate loglikelihood;                 // of the right answer, mean over documents, in nats
  std::optional<Estimate> normalised;     // 0 chance, 1 full model; nothing without such a scale
};

/// One variant at one window, over all tasks.
struct Point {
  std::size_t affected = 0;                         // layers of the window
  std::size_t seeds = 0;                            // averaged over, on the task with the fewest
  std::vector<std::optional<Estimate>> normalised;  // by task, in the order of Study::tasks()
  std::optional<Estimate> median;  // over the tasks that have a scale, once all are there
};

/// The title of the task of that name, or the name itself if the table has no such task.
inline std::string task_title(std::string_view name) {
  const tasks::Task* task = tasks::find_task(name);
  return std::string(task ? task->title : name);
}

/// The scores of all experiments on all tasks. Tasks are named by their index in tasks().
class Study {
 public:
  /// `records` may hold more than belongs to the study: what is not comparable with `source` and
  /// `tasks` is left out. The first experiment is the full model.
  Study(Source source, std::vector<DataSet> tasks, std::vector<Experiment> experiments,
        std::span<const Record> records)
      : source_(std::move(source)), tasks_(std::move(tasks)), experiments_(std::move(experiments)) {
    scores_.resize(tasks_.size());
    for (std::size_t t = 0; t < tasks_.size(); ++t) {
      const Resampling resampling(tasks_[t].task, tasks_[t].documents);
      for (const Record& record : records)
        if (comparable(record.data, tasks_[t]) && comparable(record.source, source_))
          scores_[t].insert_or_assign(record.plan, score(record, resampling));
      normalise(t);
    }
  }

  /// Which model was run, by which program.
  const Source& source() const { return source_; }
  /// In the order in which they were given.
  const std::vector<DataSet>& tasks() const { return tasks_; }
  /// In the order in which they were given; the full model is the first.
  const std::vector<Experiment>& experiments() const { return experiments_; }

  /// What the plan of the experiment did on task t, or nullptr.
  const PlanScore* find(const Experiment& experiment, std::size_t t) const {
    const auto at = scores_[t].find(experiment.plan);
    return at == scores_[t].end() ? nullptr : &at->second;
  }

  /// The full model's score on task t, or nullptr.
  const PlanScore* full(std::size_t t) const { return find(experiments_.front(), t); }

  /// Whether the full model is above chance beyond doubt on task t, so that there is a scale from 0
  /// to 1.
  bool has_scale(std::size_t t) const { return full(t) && full(t)->normalised; }

  /// Whether all tasks of the experiment are done.
  bool is_done(const Experiment& experiment) const {
    for (std::size_t t = 0; t < tasks_.size(); ++t)
      if (runs_on(experiment.variant, tasks_[t].task) && !find(experiment, t)) return false;
    return true;
  }

  /// How many experiments are done.
  std::size_t done() const {
    return static_cast<std::size_t>(std::count_if(experiments_.begin(), experiments_.end(),
                                                  [&](const Experiment& e) { return is_done(e); }));
  }

  /// The curve of a window variant, by the number of affected layers; only points with at least one
  /// task.
  std::vector<Point> curve(Variant variant) const {
    std::map<std::size_t, std::vector<const Experiment*>> windows;
    for (const Experiment& experiment : experiments_)
      if (experiment.variant == variant) windows[experiment.affected].push_back(&experiment);
    std::vector<Point> points;
    for (const auto& [affected, seeds] : windows)
      if (Point point = this->point(affected, seeds); point.seeds > 0)
        points.push_back(std::move(point));
    return points;
  }

  /// The scores of a single-layer variant on task t, by layer.
  std::map<std::size_t, const PlanScore*> layers(Variant variant, std::size_t t) const {
    std::map<std::size_t, const PlanScore*> found;
    for (const Experiment& experiment : experiments_)
      if (experiment.variant == variant)
        if (const PlanScore* score = find(experiment, t)) found[experiment.start] = score;
    return found;
  }

  /// The index of a task in tasks().
  std::optional<std::size_t> task(std::string_view name) const {
    for (std::size_t t = 0; t < tasks_.size(); ++t)
      if (tasks_[t].task == name) return t;
    return std::nullopt;
  }

 private:
  static PlanScore score(const Record& record, const Resampling& resampling) {
    const Outcomes& outcomes = record.outcomes;
    PlanScore score;
    score.documents = outcomes.correct.size();
    score.accuracy = resampling.mean(outcomes.correct);
    const auto n = static_cast<double>(score.documents);
    score.accuracy_interval = wilson_interval(score.accuracy.value() * n, n);
    if (!outcomes.correct_norm.empty())
      score.accuracy_norm = resampling.mean(outcomes.correct_norm);
    score.loglikelihood = resampling.mean(outcomes.loglikelihood);
    return score;
  }

  void normalise(std::size_t t) {
    const PlanScore* one = full(t);
    const double chance = tasks_[t].chance;
    if (!one || one->accuracy.interval().lower <= chance) return;
    const Estimate full_accuracy = one->accuracy;
    const double least = 1.0 / static_cast<double>(tasks_[t].documents);
    for (auto& [plan, score] : scores_[t])
      score.normalised = normalised(score.accuracy, full_accuracy, chance, least);
  }

  Point point(std::size_t affected, const std::vector<const Experiment*>& seeds) const {
    Point point{.affected = affected, .seeds = 0, .normalised = {}, .median = {}};
    point.normalised.resize(tasks_.size());
    std::size_t fewest = seeds.size(), most = 0;
    std::vector<Estimate> all;
    for (std::size_t t = 0; t < tasks_.size(); ++t) {
      if (!has_scale(t)) continue;
      std::vector<Estimate> done;
      for (const Experiment* experiment : seeds)
        if (const PlanScore* score = find(*experiment, t)) done.push_back(*score->normalised);
      fewest = std::min(fewest, done.size());
      most = std::max(most, done.size());
      if (done.empty()) continue;
      point.normalised[t] = mean(done);
      all.push_back(*point.normalised[t]);
    }
    if (most > 0 && fewest > 0) point.median = median(all);
    point.seeds = fewest > 0 ? fewest : most;
    return point;
  }

  Source source_;
  std::vector<DataSet> tasks_;
  std::vector<Experiment> experiments_;
  std::vector<std::map<std::string, PlanScore, std::less<>>> scores_;  // by task, then by plan
};

}  // namespace painters::analysis
