#include <painters/analysis/stored_records.hpp>
#include <painters/analysis/study.hpp>

#include <cstddef>
#include <string>
#include <vector>

#include "analysis/synthetic.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;
using namespace painters::analysis;
using engine::StoreFile;

namespace {

/// Two tasks with three documents each: LAMBADA with one request, ARC with two choices.
StudyDefinition some_study() {
  StudyDefinition study;
  study.source = synthetic::source(6);
  study.full = true;
  study.text = {.command = "a \"command\"", .setting = "", .data = "some data", .seconds = 0};
  std::uint64_t key = 0;
  for (const char* name : {"lambada_openai", "arc_challenge"}) {
    const std::size_t choices = std::string(name) == "arc_challenge" ? 2 : 1;
    TaskDefinition& task = study.tasks.emplace_back();
    task.data = {.task = name, .file = "f", .fingerprint = "p", .documents = 3, .chance = 0.5};
    for (std::size_t d = 0; d < 3; ++d) {
      tasks::Document& document = task.documents.emplace_back();
      document.index = 10 + d;
      document.gold = d % choices;
      document.requests.resize(choices);
      document.choice_lengths.assign(choices, 5 + d);
      for (std::size_t c = 0; c < choices; ++c) task.requests.push_back({{1, ++key}, c + 1});
    }
  }
  return study;
}

std::string complaint(const std::string& text) {
  try {
    definition_from_text(text);
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a definition is read back as it was written", "[analysis][definition]") {
  const StudyDefinition study = some_study();
  const StudyDefinition back = definition_from_text(to_text(study));
  CHECK(to_text(back) == to_text(study));
  CHECK(back.text.command == study.text.command);
  CHECK(back.tasks[1].documents[2].index == 12);
  CHECK(back.tasks[1].documents[1].gold == 1);
  CHECK(back.tasks[1].documents[1].requests.size() == 2);
  CHECK(back.tasks[1].requests[3].key == study.tasks[1].requests[3].key);
  CHECK(back.data()[0].documents == 3);
  CHECK(back.experiments().size() == study.experiments().size());
}

TEST_CASE("a text that is no definition is refused in one sentence", "[analysis][definition]") {
  for (const char* text : {"", "x", "{}", "[]", R"({"layout": 2})"})
    CHECK(complaint(text).find("expected the description of a study") == 0);
  std::string text = to_text(some_study());
  text.replace(text.find("\"gold\":0"), 8, "\"gold\":7");
  CHECK(complaint(text).find("no right answer") != std::string::npos);
  const support::TemporaryFolder folder;
  StoreFile file(folder.path() / "s");
  CHECK_THROWS_WITH(definition_of(file), Catch::Matchers::ContainsSubstring("a store without one"));
}

TEST_CASE("the plans of a study are all different, the full model first",
          "[analysis][definition]") {
  const StudyDefinition study = some_study();
  const auto plans = study_plans(study.experiments(), study.data(), 6);
  CHECK(plans.texts.front() == "0..5");
  CHECK(plans.runs_on.front() == std::vector<bool>{true, true});
  std::size_t only_lambada = 0;
  for (std::size_t p = 0; p < plans.plans.size(); ++p) {
    CHECK(std::count(plans.texts.begin(), plans.texts.end(), plans.texts[p]) == 1);
    CHECK(plans.runs_on[p][0]);
    only_lambada += !plans.runs_on[p][1];
  }
  CHECK(only_lambada > 5);
  CHECK(only_lambada < 6 + 5);  // some are windows, too
}

TEST_CASE("a plan has a record as soon as all its scores are there", "[analysis][definition]") {
  const support::TemporaryFolder folder;
  StoreFile file(folder.path() / "s");
  const StudyDefinition study = some_study();
  const auto plans = study_plans(study.experiments(), study.data(), 6);
  const auto& arc = study.tasks[1];
  engine::ScoreStore store(file, origin_of(study.source), engine::stored_plans(plans.plans),
                           arc.requests);
  const double values[] = {-1, -2, -3, -3.5, -0.1, -9};
  for (std::size_t r = 0; r < 6; ++r) store.add(0, r, {values[r], false, 1});
  for (std::size_t r = 0; r < 5; ++r) store.add(1, r, {values[r], false, 1});
  store.save();
  const auto [records, seconds] = stored_records(file, study);
  // A mean of one layer is that layer: such plans are the full model in other words.
  std::size_t full_models = 0;
  for (const Plan& plan : plans.plans)
    full_models += engine::key_of(plan) == engine::key_of(plans.plans.front());
  REQUIRE(full_models >= 1);
  REQUIRE(records.size() == full_models);
  CHECK(seconds > 0);
  const Record& record = records.front();
  CHECK(record.plan == "0..5");
  CHECK(record.data.task == "arc_challenge");
  CHECK(record.outcomes.index == std::vector<std::size_t>{10, 11, 12});
  CHECK(record.outcomes.correct == std::vector<double>{1, 0, 1});
  CHECK(record.outcomes.loglikelihood == std::vector<double>{-1, -3.5, -0.1});
  const Study again(study.source, study.data(), study.experiments(), records);
  CHECK(again.done() == 0);
  CHECK(again.find(study.experiments().front(), 1) != nullptr);
}
