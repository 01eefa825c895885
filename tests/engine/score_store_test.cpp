#include <painters/engine/score_store.hpp>

#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <painters/engine/score_missing.hpp>
#include <painters/models/causal_lm.hpp>
#include <painters/plan/parse.hpp>

#include "support/backends.hpp"
#include "support/catch.hpp"
#include "support/random_causal_lm.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;
using engine::Score;
using engine::ScoreStore;
using engine::StoreFile;
using engine::TokenRequest;

namespace {

using Scores = std::map<std::pair<std::size_t, std::size_t>, Score>;  // by plan and request

const engine::Origin origin{.model = "abc", .model_name = "a model", .precision = "f32"};

std::vector<Plan> plans_of(const std::vector<const char*>& texts) {
  std::vector<Plan> plans;
  for (const char* text : texts) plans.push_back(parse_plan(text));
  return plans;
}

/// A store in a folder, for plans and requests.
struct Opened {
  Opened(const std::filesystem::path& path, const std::vector<const char*>& texts,
         const std::vector<TokenRequest>& requests, const engine::Origin& from = origin)
      : file(path),
        plans(plans_of(texts)),
        store(file, from, engine::stored_plans(plans), engine::stored_requests(requests)) {}

  Scores scores() const {
    Scores found;
    store.for_each([&](std::size_t plan, std::size_t request, const Score& score) {
      CHECK(found.emplace(std::pair(plan, request), score).second);
    });
    return found;
  }
  int rows() { return file.database().execAndGet("SELECT count(*) FROM score").getInt(); }

  StoreFile file;
  std::vector<Plan> plans;
  ScoreStore store;
};

const std::vector<TokenRequest> requests{{{1, 2}, {3}}, {{1}, {2, 3}}, {{4}, {5}}};

}  // namespace

TEST_CASE("scores come back as they were added", "[engine][store]") {
  const support::TemporaryFolder folder;
  const double values[] = {-0.1, -std::numeric_limits<double>::infinity(),
                           std::numeric_limits<double>::quiet_NaN()};
  {
    Opened opened(folder.path() / "s", {"0..3", "1"}, requests);
    opened.store.begin_run({"1.0", "backend", 2});
    for (std::size_t r = 0; r < 3; ++r)
      opened.store.add(1, r, {values[r], r == 1, requests[r].continuation.size()});
    CHECK(opened.scores().empty());
    opened.store.save();
    opened.store.save();  // nothing waits
  }
  const Opened opened(folder.path() / "s", {"0..3", "1"}, requests);
  const Scores scores = opened.scores();
  REQUIRE(scores.size() == 3);
  CHECK(scores.at({1, 0}).loglikelihood == -0.1);
  CHECK(scores.at({1, 1}).loglikelihood == values[1]);
  CHECK(std::isnan(scores.at({1, 2}).loglikelihood));
  CHECK(scores.at({1, 1}).is_greedy);
  CHECK_FALSE(scores.at({1, 2}).is_greedy);
  CHECK(scores.at({1, 1}).tokens == 2);
}

TEST_CASE("plans and requests are known by their content, in any order and spelling",
          "[engine][store]") {
  const support::TemporaryFolder folder;
  {
    Opened opened(folder.path() / "s", {"mean(1, 2)", "1 x2"}, requests);
    opened.store.add(0, 0, {-1, false, 1});
    opened.store.add(1, 2, {-2, false, 1});
    opened.store.save();
  }
  const std::vector<TokenRequest> other{requests[2], {{9}, {9}}, requests[0], requests[0]};
  Opened opened(folder.path() / "s", {"0", "1, 1", "mean(2, 1)", "1 x2"}, other);
  const Scores scores = opened.scores();
  CHECK(scores.size() == 4);
  CHECK(scores.at({1, 0}).loglikelihood == -2);
  CHECK(scores.at({3, 0}).loglikelihood == -2);
  CHECK(scores.at({2, 2}).loglikelihood == -1);
  CHECK(scores.at({2, 3}).loglikelihood == -1);
  opened.store.add(2, 3, {-3, true, 1});  // the first that was kept stays
  opened.store.save();
  CHECK(opened.scores().at({2, 2}).loglikelihood == -1);
  CHECK(opened.rows() == 2);
}

TEST_CASE("scores of another model, precision or protocol are not seen", "[engine][store]") {
  const support::TemporaryFolder folder;
  {
    Opened opened(folder.path() / "s", {"0"}, requests);
    opened.store.add(0, 0, {-1, false, 1});
    opened.store.save();
  }
  engine::Origin model = origin, precision = origin, protocol = origin, renamed = origin;
  model.model = "other";
  precision.precision = "int8";
  protocol.protocol = engine::scoring_protocol + 1;
  renamed.model_name = "other";
  for (const engine::Origin& from : {model, precision, protocol})
    CHECK(Opened(folder.path() / "s", {"0"}, requests, from).scores().empty());
  CHECK(Opened(folder.path() / "s", {"0"}, requests, renamed).scores().size() == 1);
}

TEST_CASE("a run is kept with its scores", "[engine][store]") {
  const support::TemporaryFolder folder;
  Opened opened(folder.path() / "s", {"0"}, requests);
  CHECK(opened.store.seconds() == 0);
  opened.store.begin_run({"1.0", "oneDNN", 2});
  opened.store.add(0, 0, {-1, false, 1});
  opened.store.save();
  opened.store.add(0, 1, {-1, false, 1});
  opened.store.save();
  opened.store.begin_run({"1.1", "oneDNN", 3});
  opened.store.save();  // without scores nothing is kept
  opened.store.add(0, 2, {-1, false, 1});
  opened.store.save();
  CHECK(opened.file.database()
            .execAndGet("SELECT group_concat(version || ' ' || threads || ' ' || n) FROM (SELECT "
                        "version, threads, count(*) AS n FROM run JOIN score ON run = run.id GROUP "
                        "BY run.id)")
            .getString() == "1.0 2 2,1.1 3 1");
  CHECK(opened.store.seconds() > 0);
}

TEST_CASE("a store that cannot grow keeps what it has, and continues once it can",
          "[engine][store]") {
  const support::TemporaryFolder folder;
  Opened opened(folder.path() / "s", {"0"}, requests);
  opened.store.add(0, 0, {-1, false, 1});
  opened.store.save();
  const int pages = opened.file.database().execAndGet("PRAGMA page_count").getInt();
  opened.file.database().exec("PRAGMA max_page_count = " + std::to_string(pages));
  std::vector<TokenRequest> many;
  for (int i = 0; i < 2000; ++i) many.push_back({{i}, {i + 1}});
  ScoreStore more(opened.file, origin, engine::stored_plans(opened.plans),
                  engine::stored_requests(many));
  for (std::size_t i = 0; i < many.size(); ++i) more.add(0, i, {-2, false, 1});
  CHECK_THROWS_WITH(more.save(), Catch::Matchers::ContainsSubstring("the disk is full"));
  CHECK(opened.rows() == 1);
  opened.file.database().exec("PRAGMA max_page_count = 100000");
  more.save();
  CHECK(opened.rows() == 2001);
}

namespace {

/// A small model and questions to it.
struct Fixture {
  support::TemporaryFolder folder;
  support::FastBackend backend;
  models::CausalLm<support::FastBackend> model;
  engine::Scorer<models::CausalLm<support::FastBackend>> scorer{model, {.tokens_per_pass = 40}};

  Fixture() : model(write(folder), backend) {}
  static std::filesystem::path write(const support::TemporaryFolder& folder) {
    static const support::RandomCausalLm random({{32, 40, {4, 2, 8}}, 4, 60, 64});
    random.gguf().write(folder.path() / "m.gguf");
    return folder.path() / "m.gguf";
  }

  struct Result {
    Scores scores;
    std::size_t applications = 0;
  };
  /// Makes all scores through the store; ends after `most` applications.
  Result run(const std::vector<const char*>& texts, const std::vector<TokenRequest>& asked,
             std::size_t most = 1000000) const {
    struct Enough {};
    Opened opened(folder.path() / "s", texts, asked);
    Result result;
    try {
      engine::score_missing(
          scorer, opened.store, opened.plans, asked, [](std::size_t, std::size_t) { return true; },
          [&](std::size_t plan, std::size_t request, const Score& score) {
            CHECK(result.scores.emplace(std::pair(plan, request), score).second);
          },
          [&](const engine::SweepProgress& progress) {
            result.applications = progress.done;
            if (progress.done == most) throw Enough();
          });
    } catch (Enough) {
    }
    return result;
  }
};

std::vector<TokenRequest> some_requests() {
  std::vector<TokenRequest> all;
  for (int i = 0; i < 8; ++i)
    all.push_back({{i, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, i}, {20, i}});
  return all;
}

}  // namespace

TEST_CASE("work interrupted anywhere continues, and ends with the same scores", "[engine][store]") {
  const std::vector<const char*> texts{"0..3", "0, 2", "0, mean(1..2) x3, 3", "3..0", "0, 1, 3"};
  const auto asked = some_requests();
  Scores expected;
  std::size_t all = 0;
  {
    const Fixture undisturbed;
    const auto result = undisturbed.run(texts, asked);
    expected = result.scores;
    all = result.applications;
    REQUIRE(expected.size() == texts.size() * asked.size());
    const auto again = undisturbed.run(texts, asked);
    CHECK(again.applications == 0);
    CHECK(again.scores.size() == expected.size());
  }
  for (std::size_t most = 1; most < all; most += 3) {
    const Fixture f;
    std::size_t done = 0;
    for (int runs = 0; runs < 100; ++runs) {
      const auto result = f.run(texts, asked, most);
      done = result.scores.size();
      if (done == expected.size()) break;
    }
    if (most < 12) continue;  // too few for the first score
    CAPTURE(most);
    REQUIRE(done == expected.size());
    for (const auto& [at, score] : f.run(texts, asked).scores) {
      CHECK(score.loglikelihood == Approx(expected.at(at).loglikelihood).margin(1e-5));
      CHECK(score.is_greedy == expected.at(at).is_greedy);
    }
  }
}

TEST_CASE("a new plan or request costs only what is new", "[engine][store]") {
  const Fixture f;
  auto asked = some_requests();
  const auto last = asked.back();
  asked.pop_back();
  CHECK(f.run({"0..3", "0, 2"}, asked).applications > 0);
  const std::size_t passes = f.run({"0..3", "0, 2", "1, 2"}, asked).applications / 2;
  CHECK(passes > 0);
  CHECK(f.run({"1, 2", "0 x1, 1 x1, 2, 3", "0, 2"}, asked).applications == 0);
  asked.push_back(last);
  const auto result = f.run({"0..3", "1, 2"}, asked);
  CHECK(result.applications == 4 + 2);
  CHECK(result.scores.size() == 2 * 8);
}
