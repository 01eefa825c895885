// Requests and metrics against lm-evaluation-harness itself.
#include <painters/plan/cpython_random.hpp>
#include <painters/tasks/metrics.hpp>
#include <painters/tasks/read.hpp>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "support/catch.hpp"
#include "support/data.hpp"

using namespace painters;
using Json = nlohmann::json;

namespace {

const std::filesystem::path data_dir = support::data_folder();

const std::map<std::string, std::string> original_files{
    {"lambada_openai", "lambada/lambada_openai_test.jsonl"},
    {"arc_challenge", "arc/ARC-Challenge-test.hf.jsonl"},
    {"hellaswag", "hellaswag/hellaswag_val_klosax.jsonl"},
    {"winogrande", "winogrande/winogrande_xl_validation.jsonl"}};

/// The first word that sha256sum prints for the text.
std::string sha256(const std::string& text) {
  const auto file = std::filesystem::temp_directory_path() / "painters_requests.json";
  std::ofstream(file, std::ios::binary) << text;
  std::string sum(64, ' ');
  FILE* pipe = popen(("sha256sum " + file.string()).c_str(), "r");
  REQUIRE(pipe);
  const std::size_t read = std::fread(sum.data(), 1, sum.size(), pipe);
  pclose(pipe);
  std::filesystem::remove(file);
  return sum.substr(0, read);
}

}  // namespace

TEST_CASE("requests, gold and lengths are those of the harness's own task classes",
          "[tasks][data]") {
  if (support::skipped_without_data()) return;
  const Json golden =
      Json::parse(std::ifstream(data_dir / "golden/gen/smollm2_multiple_choice.json"));
  for (const char* name : {"arc_challenge", "hellaswag", "winogrande"}) {
    CAPTURE(name);
    const auto documents =
        tasks::read(tasks::task_named(name), data_dir / original_files.at(name), 20);
    const Json& expected = golden["tasks"][name];
    REQUIRE(documents.size() == expected.size());
    for (std::size_t d = 0; d < documents.size(); ++d) {
      Json requests = Json::array();
      for (const engine::Request& r : documents[d].requests)
        requests.push_back({r.context, r.continuation});
      CHECK(documents[d].index == expected[d]["index"]);
      CHECK(documents[d].gold == expected[d]["gold"]);
      CHECK(requests == expected[d]["requests"]);
      if (expected[d].contains("norm_lengths"))
        CHECK(documents[d].choice_lengths ==
              expected[d]["norm_lengths"].get<std::vector<std::size_t>>());
    }
  }
}

TEST_CASE("metrics of the harness's own log-likelihoods are its metrics", "[tasks][data]") {
  if (support::skipped_without_data()) return;
  const Json golden =
      Json::parse(std::ifstream(data_dir / "golden/gen/smollm2_multiple_choice.json"));
  for (const char* name : {"arc_challenge", "hellaswag", "winogrande"}) {
    const tasks::Task& task = tasks::task_named(name);
    const auto documents = tasks::read(task, data_dir / original_files.at(name), 20);
    for (const Json& plan : golden["plans"]) {
      std::vector<tasks::DocumentResult> results;
      for (std::size_t d = 0; d < documents.size(); ++d) {
        std::vector<engine::Score> scores;
        for (const Json& ll : golden["tasks"][name][d]["ll"][plan["name"].get<std::string>()])
          scores.push_back({ll.get<double>(), false, 1});
        results.push_back(tasks::judge(task, documents[d], scores));
      }
      const Json& expected = plan["metrics"][name];
      const auto metrics = tasks::summarize(task, results);
      CHECK(metrics.size() == expected.size());
      for (const tasks::Metric& metric : metrics) {
        CAPTURE(name, plan["name"], metric.name);
        CHECK(metric.value == Approx(expected[std::string(metric.name)].get<double>()));
      }
    }
  }
}

TEST_CASE("all requests of a task have the hash that the harness publishes", "[tasks][data]") {
  if (support::skipped_without_data()) return;
  const Json reference =
      Json::parse(std::ifstream(data_dir / "reference/lm_eval_request_sha256.json"));
  for (const char* name : {"lambada_openai", "arc_challenge", "winogrande"}) {
    CAPTURE(name);
    auto documents = tasks::read(tasks::task_named(name), data_dir / original_files.at(name));
    CPythonRandom(42).shuffle(documents);
    const std::string separator = ", ";
    std::string list;
    for (const tasks::Document& document : documents)
      for (const engine::Request& request : document.requests) {
        const auto quoted = [](const std::string& text) { return Json(text).dump(-1, ' ', true); };
        const std::string pair =
            "[" + quoted(request.context) + ", " + quoted(request.continuation) + "]";
        for (int times = document.requests.size() == 1 ? 2 : 1; times > 0; --times)
          list += (list.empty() ? "" : separator) + pair;
      }
    CHECK(sha256("[" + list + "]") ==
          reference["tasks"][std::string(name) + "-v0"]["sha256"].get<std::string>());
  }
}

TEST_CASE(
    "HellaSwag's keys and lengths give the metrics that the harness publishes for random scores",
    "[tasks][data]") {
  if (support::skipped_without_data()) return;
  const Json reference =
      Json::parse(std::ifstream(data_dir / "reference/lm_eval_request_sha256.json"));
  auto documents = tasks::read(tasks::hellaswag, data_dir / original_files.at("hellaswag"));
  CPythonRandom(42).shuffle(documents);
  CPythonRandom random(42);
  std::vector<tasks::DocumentResult> results;
  for (const tasks::Document& document : documents) {
    std::vector<engine::Score> scores;
    for (std::size_t i = 0; i < document.requests.size(); ++i) {
      // random.random(): 53 bits of two draws
      const double high = random.getrandbits(32) >> 5;
      const double low = random.getrandbits(32) >> 6;
      scores.push_back({-(high * 67108864.0 + low) / 9007199254740992.0, false, 1});
    }
    results.push_back(tasks::judge(tasks::hellaswag, document, scores));
  }
  const Json& expected =
      reference["tasks"]["hellaswag-v0"]["result_with_dummy_lm"]["results"]["hellaswag"];
  const auto metrics = tasks::summarize(tasks::hellaswag, results);
  for (const tasks::Metric& metric : metrics) {
    CHECK(metric.value == Approx(expected[std::string(metric.name)].get<double>()));
    CHECK(metric.standard_error ==
          Approx(expected[std::string(metric.name) + "_stderr"].get<double>()));
  }
}
