// What painters score does: every request under every plan, through a store and with a progress
// bar.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <painters/engine/score_store.hpp>
#include <painters/front/loaded_model.hpp>

#include "common.hpp"
#include "interrupt.hpp"
#include "output.hpp"
#include "progress.hpp"
#include "version.hpp"

namespace painters::cli {

/// Scores requests under plans with a progress bar and through a store, and ends cleanly on Ctrl-C.
/// Neighbouring requests form items; a line of output is ready when a plan has all
/// scores of an item.
class ScoringWork {
 public:
  /// `items`: how many requests each has.
  ScoringWork(const front::LoadedModel& model, std::filesystem::path store,
              const std::vector<NamedPlan>& plans, std::span<const engine::TokenRequest> requests,
              std::vector<std::size_t> items)
      : model_(model),
        store_path_(std::move(store)),
        requests_(requests),
        items_(std::move(items)),
        scores_(plans.size(), requests.size()) {
    for (const NamedPlan& plan : plans) plans_.push_back(plan.plan);
    std::size_t first = 0;
    for (std::size_t item = 0; item < items_.size(); ++item) {
      first_.push_back(first);
      first += items_[item];
      item_of_.insert(item_of_.end(), items_[item], item);
    }
  }

  /// `output` may be null.
  void run(LineFile* output) {
    Progress progress("scoring");
    catch_interrupts();
    std::vector<std::size_t> missing;
    for (std::size_t plan = 0; plan < plans_.size(); ++plan)
      missing.insert(missing.end(), items_.begin(), items_.end());
    const auto keep = [&](std::size_t plan, std::size_t request, const engine::Score& score) {
      scores_(plan, request) = score;
      ++done_;
      const std::size_t line = plan * items_.size() + item_of_[request];
      if (--missing[line] > 0) return;
      if (!output) return;
      progress.clear();
      output->ready(line);
    };
    bool has_begun = false;
    const auto look = [&](const engine::SweepProgress& now) {
      if (!has_begun) found_ = done_;
      has_begun = true;
      if (interrupted()) {
        progress.clear();
        stop();
      }
      progress.update(now);
    };
    const auto all = [](std::size_t, std::size_t) { return true; };
    if (store_path_.empty()) {
      model_.score(plans_, requests_, nullptr, all, keep, look);
    } else {
      engine::StoreFile file(store_path_);
      engine::ScoreStore store(file, model_.origin(), engine::stored_plans(plans_),
                               engine::stored_requests(requests_));
      store.begin_run(model_.run(version()));
      model_.score(plans_, requests_, &store, all, keep, look);
    }
    if (!has_begun) found_ = done_;
    progress.clear();
    if (output) output->finish();
  }

  /// The scores of line `plan * items + item`.
  std::span<const engine::Score> scores(std::size_t line) const {
    const std::size_t plan = line / items_.size(), item = line % items_.size();
    return scores_.of_plan(plan).subspan(first_[item], items_[item]);
  }

  nlohmann::ordered_json summary() const {
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start_;
    std::size_t tokens = 0;
    for (const engine::TokenRequest& request : requests_)
      tokens += request.context.size() + request.continuation.size();
    nlohmann::ordered_json json{
        {"requests", done_}, {"tokens", tokens * plans_.size()}, {"seconds", time.count()}};
    if (!store_path_.empty()) {
      json["store"] = store_path_.string();
      json["requests_from_store"] = found_;
    }
    return json;
  }

  /// ", 12 of them from FILE", or nothing.
  std::string found_text() const {
    return found_ == 0 ? "" : fmt::format(", {} of them from {}", found_, store_path_.string());
  }

 private:
  [[noreturn]] void stop() const {
    throw Error(fmt::format(
        "interrupted after {} of {} requests{}", done_, requests_.size() * plans_.size(),
        store_path_.empty()
            ? ""
            : "; they are in " + store_path_.string() + ", and the same command does the rest"));
  }

  const front::LoadedModel& model_;
  std::filesystem::path store_path_;  // empty for none
  std::vector<Plan> plans_;
  std::span<const engine::TokenRequest> requests_;
  std::vector<std::size_t> items_, first_, item_of_;
  engine::Scores scores_;
  std::size_t done_ = 0, found_ = 0;  // scores, those of them that were in the store
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace painters::cli
