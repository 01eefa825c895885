#include <painters/analysis/results.hpp>

#include <fstream>
#include <limits>

#include "analysis/synthetic.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace painters::analysis;

namespace {

const std::vector<Experiment>& some_experiments() {
  static const auto list = experiments(6, full_selection(6));
  return list;
}

Record some_record(std::size_t i = 0, std::size_t task = 1) {
  return synthetic::record(some_experiments()[i], synthetic::source(6), synthetic::tasks(5)[task]);
}

/// What opening the folder complains about.
std::string complaint(const std::filesystem::path& folder) {
  try {
    Results results(folder);
  } catch (const painters::Error& e) {
    return e.what();
  }
  return "";
}

}  // namespace

TEST_CASE("records are read back as they were written", "[analysis]") {
  const support::TemporaryFolder folder;
  Record record = some_record();
  record.source.model = "a \"model\"\n名";
  record.outcomes.loglikelihood[2] = -0.1;
  record.outcomes.loglikelihood[3] = -std::numeric_limits<double>::infinity();
  { Results(folder.path()).append(record); }
  const Results results(folder.path());
  REQUIRE(results.records().size() == 1);
  const Record& back = results.records().front();
  CHECK(back.plan == record.plan);
  CHECK(back.seconds == record.seconds);
  CHECK(back.source.model == record.source.model);
  CHECK(back.data.chance == record.data.chance);
  CHECK(back.outcomes.index == record.outcomes.index);
  CHECK(back.outcomes.correct == record.outcomes.correct);
  CHECK(back.outcomes.correct_norm == record.outcomes.correct_norm);
  CHECK(back.outcomes.loglikelihood == record.outcomes.loglikelihood);
}

TEST_CASE("a torn last line is cut off and the run goes on after it", "[analysis]") {
  const support::TemporaryFolder folder;
  { Results(folder.path()).append(some_record(0)); }
  std::ofstream(folder.path() / "results.jsonl", std::ios::app)
      << detail::to_line(some_record(1)).substr(0, 60);
  {
    Results results(folder.path());
    CHECK(results.records().size() == 1);
    results.append(some_record(2));
  }
  CHECK(Results(folder.path()).records().size() == 2);
}

TEST_CASE("a whole line that is no record is an error with its number", "[analysis]") {
  const support::TemporaryFolder folder;
  { Results(folder.path()).append(some_record()); }
  std::ofstream(folder.path() / "results.jsonl", std::ios::app) << "{\"protocol\": 1}\n";
  CHECK(complaint(folder.path()).find("results.jsonl, line 2: expected a record") !=
        std::string::npos);
}

TEST_CASE("results of another model, data, limit or protocol are not taken for this run's",
          "[analysis]") {
  const support::TemporaryFolder folder;
  Results results(folder.path());
  const Record record = some_record();
  results.append(record);
  CHECK(results.find(record.source, record.data, record.plan));
  CHECK_FALSE(results.find(record.source, record.data, "0..4"));

  Source model = record.source;
  model.fingerprint = "other";
  CHECK_FALSE(results.find(model, record.data, record.plan));
  Source precision = record.source;
  precision.precision = "int8";
  CHECK_FALSE(results.find(precision, record.data, record.plan));
  Source threads = record.source;
  threads.threads = 64;
  CHECK(results.find(threads, record.data, record.plan));
  DataSet data = record.data;
  data.fingerprint = "other";
  CHECK_FALSE(results.find(record.source, data, record.plan));
  DataSet more = record.data;
  more.documents = 6;
  CHECK_FALSE(results.find(record.source, more, record.plan));

  std::string line = detail::to_line(record);
  line.replace(line.find("\"protocol\":1"), 12, "\"protocol\":0");
  std::ofstream(folder.path() / "results.jsonl", std::ios::app) << line << '\n';
  CHECK(Results(folder.path()).records().size() == 1);
}

TEST_CASE("an output folder that cannot be made or written is one sentence", "[analysis]") {
  const support::TemporaryFolder folder;
  std::ofstream(folder.path() / "file") << "in the way";
  CHECK(complaint(folder.path() / "file" / "out").find("output folder") != std::string::npos);
  std::filesystem::create_directory(folder.path() / "results.jsonl");
  CHECK(complaint(folder.path()).find("expected to read the results") != std::string::npos);
}
