// Scores on disk: reads those that a store has for some plans and requests, and adds new ones as
// they are made.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <painters/engine/content_key.hpp>
#include <painters/engine/request.hpp>
#include <painters/engine/store_file.hpp>
#include <painters/engine/store_keys.hpp>

namespace painters::engine {

/// The part of a store that belongs to one origin, some plans and some requests. Plans and requests
/// go by their numbers in the lists; those with equal keys share their scores.
class ScoreStore {
 public:
  /// Reads and writes nothing yet. `file` must outlive this.
  ScoreStore(StoreFile& file, const Origin& origin, std::vector<StoredPlan> plans,
             std::vector<StoredRequest> requests)
      : file_(&file), origin_(origin), plans_(std::move(plans)), requests_(std::move(requests)) {}

  /// f(plan, request, score) for every score that is there.
  template <class F>
  void for_each(const F& f) const {
    file_->guarded([&] {
      SQLite::Database& database = file_->database();
      const std::int64_t origin = find_origin();
      if (origin == 0) return;
      SQLite::Statement plan_query(database, "SELECT id FROM plan WHERE key = ?");
      SQLite::Statement request_query(database, "SELECT id FROM request WHERE key = ?");
      std::vector<std::pair<std::int64_t, std::size_t>> numbers;  // of requests, by their id
      for (std::size_t i = 0; i < requests_.size(); ++i)
        if (const std::int64_t id = find(request_query, requests_[i].key))
          numbers.emplace_back(id, i);
      std::sort(numbers.begin(), numbers.end());
      SQLite::Statement scores(
          database,
          "SELECT request, loglikelihood, is_greedy FROM score WHERE origin = ? AND plan = ?");
      for (std::size_t plan = 0; plan < plans_.size(); ++plan) {
        const std::int64_t id = find(plan_query, plans_[plan].key);
        if (id == 0) continue;
        scores.bind(1, origin);
        scores.bind(2, id);
        while (scores.executeStep()) {
          const std::int64_t request = scores.getColumn(0).getInt64();
          const double loglikelihood = scores.getColumn(1).isNull()
                                           ? std::numeric_limits<double>::quiet_NaN()
                                           : scores.getColumn(1).getDouble();
          const bool is_greedy = scores.getColumn(2).getInt() != 0;
          for (auto at = std::lower_bound(numbers.begin(), numbers.end(),
                                          std::pair(request, std::size_t{0}));
               at != numbers.end() && at->first == request; ++at)
            f(plan, at->second, Score{loglikelihood, is_greedy, requests_[at->second].tokens});
        }
        scores.reset();
      }
    });
  }

  /// From now on scores are added as those of this run.
  void begin_run(Run run) {
    run_ = std::move(run);
    run_id_ = 0;
    begun_ = saved_ = Clock::now();
  }

  /// Keeps a score in memory until the next save. Throws UsageError for a plan or a request that
  /// the store was not made for.
  void add(std::size_t plan, std::size_t request, const Score& score) {
    if (plan >= plans_.size() || request >= requests_.size())
      throw UsageError("expected one of " + std::to_string(plans_.size()) + " plans and one of " +
                       std::to_string(requests_.size()) + " requests, found numbers " +
                       std::to_string(plan) + " and " + std::to_string(request) +
                       ": make the store with all of them");
    waiting_.push_back({plan, request, score});
  }

  /// Saves what waits if the last save was a second ago or longer.
  void save_sometimes() {
    if (!waiting_.empty() && Clock::now() - saved_ >= std::chrono::seconds(1)) save();
  }

  /// Commits what waits. A score that another process has saved in the meantime stays. Throws Error
  /// if saving fails, for instance on a full disk; it can be tried again.
  void save() {
    saved_ = Clock::now();
    if (waiting_.empty()) return;
    std::int64_t run = 0;
    const auto write = [&] {
      SQLite::Database& database = file_->database();
      const std::int64_t origin = make_origin();
      run = keep_run();
      SQLite::Statement insert(
          database,
          "INSERT OR IGNORE INTO score(origin, plan, request, run, loglikelihood, is_greedy) "
          "VALUES (?, ?, ?, ?, ?, ?)");
      for (const Waiting& one : waiting_) {
        insert.bind(1, origin);
        insert.bind(2, make(plan_ids_, one.plan, "plan", "text", plans_[one.plan].key,
                            plans_[one.plan].text));
        insert.bind(3,
                    make(request_ids_, one.request, "request", "tokens", requests_[one.request].key,
                         static_cast<std::int64_t>(requests_[one.request].tokens)));
        insert.bind(4, run);
        if (std::isnan(one.score.loglikelihood))
          insert.bind(5);
        else
          insert.bind(5, one.score.loglikelihood);
        insert.bind(6, one.score.is_greedy ? 1 : 0);
        insert.exec();
        insert.reset();
      }
    };
    try {
      file_->write(write);
    } catch (...) {  // the rows that were inserted are rolled back
      plan_ids_.clear();
      request_ids_.clear();
      throw;
    }
    run_id_ = run;
    waiting_.clear();
  }

  /// How many seconds the runs that computed scores of this origin took.
  double seconds() const {
    return file_->guarded([&] {
      SQLite::Statement query(file_->database(),
                              "SELECT total(seconds) FROM run WHERE id IN "
                              "(SELECT DISTINCT run FROM score WHERE origin = ?)");
      query.bind(1, find_origin());
      query.executeStep();
      return query.getColumn(0).getDouble();
    });
  }

 private:
  using Clock = std::chrono::steady_clock;
  using Ids = std::map<std::size_t, std::int64_t>;  // in the database, by number

  struct Waiting {
    std::size_t plan, request;
    Score score;
  };

  /// The id of the row with that key, 0 for none.
  static std::int64_t find(SQLite::Statement& query, const ContentKey& key) {
    query.bind(1, to_hex(key));
    const std::int64_t id = query.executeStep() ? query.getColumn(0).getInt64() : 0;
    query.reset();
    return id;
  }

  std::int64_t find_origin() const {
    SQLite::Statement query(
        file_->database(),
        "SELECT id FROM origin WHERE model = ? AND precision = ? AND protocol = ?");
    query.bind(1, origin_.model);
    query.bind(2, origin_.precision);
    query.bind(3, origin_.protocol);
    return query.executeStep() ? query.getColumn(0).getInt64() : 0;
  }

  std::int64_t make_origin() {
    if (const std::int64_t id = find_origin()) return id;
    SQLite::Statement insert(
        file_->database(),
        "INSERT INTO origin(model, precision, protocol, model_name) VALUES (?, ?, ?, ?)");
    insert.bind(1, origin_.model);
    insert.bind(2, origin_.precision);
    insert.bind(3, origin_.protocol);
    insert.bind(4, origin_.model_name);
    insert.exec();
    return file_->database().getLastInsertRowid();
  }

  template <class Value>
  std::int64_t make(Ids& ids, std::size_t number, const std::string& table,
                    const std::string& column, const ContentKey& key, const Value& value) {
    if (const auto known = ids.find(number); known != ids.end()) return known->second;
    SQLite::Statement query(file_->database(), "SELECT id FROM " + table + " WHERE key = ?");
    std::int64_t id = find(query, key);
    if (id == 0) {
      SQLite::Statement insert(file_->database(),
                               "INSERT INTO " + table + "(key, " + column + ") VALUES (?, ?)");
      insert.bind(1, to_hex(key));
      insert.bind(2, value);
      insert.exec();
      id = file_->database().getLastInsertRowid();
    }
    return ids[number] = id;
  }

  /// The row of this run, with the time that it has taken so far.
  std::int64_t keep_run() {
    const double seconds = std::chrono::duration<double>(Clock::now() - begun_).count();
    if (run_id_ != 0) {
      SQLite::Statement update(file_->database(), "UPDATE run SET seconds = ? WHERE id = ?");
      update.bind(1, seconds);
      update.bind(2, run_id_);
      update.exec();
      return run_id_;
    }
    SQLite::Statement insert(file_->database(),
                             "INSERT INTO run(version, backend, threads, begun, seconds) "
                             "VALUES (?, ?, ?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), ?)");
    insert.bind(1, run_.version);
    insert.bind(2, run_.backend);
    insert.bind(3, static_cast<std::int64_t>(run_.threads));
    insert.bind(4, seconds);
    insert.exec();
    return file_->database().getLastInsertRowid();
  }

  StoreFile* file_;
  Origin origin_;
  std::vector<StoredPlan> plans_;
  std::vector<StoredRequest> requests_;
  Run run_;
  std::int64_t run_id_ = 0;
  Ids plan_ids_, request_ids_;
  Clock::time_point begun_ = Clock::now(), saved_ = begun_;
  std::vector<Waiting> waiting_;
};

}  // namespace painters::engine
