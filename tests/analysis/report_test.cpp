#include <painters/analysis/write_report.hpp>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include <nlohmann/json.hpp>

#include "analysis/synthetic.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace painters::analysis;

namespace {

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

struct Run {
  Source source = synthetic::source();
  std::vector<DataSet> tasks = synthetic::tasks(40);
  std::vector<Experiment> list = experiments(30, quick_selection(30));

  std::string write(const std::filesystem::path& folder, std::size_t count) const {
    const auto records = synthetic::records(list, count, source, tasks);
    return write_report(Study(source, tasks, list, records), records,
                        {"painters reproduce --output '<here>'", "Quick.", "Synthetic data."},
                        folder);
  }
};

/// Runs the body with a PATH on which nothing is.
template <class F>
void without_programs(F body) {
  const std::string path = std::getenv("PATH");
  setenv("PATH", "/nowhere", 1);
  body();
  setenv("PATH", path.c_str(), 1);
}

std::size_t lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("a finished run leaves tables, figures and a page that needs nothing else",
          "[analysis]") {
  const support::TemporaryFolder folder;
  const std::string note = Run().write(folder.path(), 1000);
  const std::string page = read(folder.path() / "report.html");
  if (!note.empty()) {
    WARN("skipped: " << note);
    return;
  }
  for (int number : {2, 4, 5, 6, 7, 8, 9, 11}) {
    const std::string name = "figure_" + std::to_string(number);
    CHECK(has(read(folder.path() / "figures" / (name + ".png")), "PNG"));
    CHECK(has(read(folder.path() / "figures" / (name + ".svg")), "</svg>"));
    CHECK(has(page, "<figure id=" + name + ">"));
  }
  CHECK_FALSE(has(page, "src="));
  CHECK_FALSE(has(page, "<script"));
  CHECK_FALSE(has(page, "href=\"http"));
  CHECK(has(page, "116 of 116 done"));
  CHECK(has(page, "The order of harm on this model is"));
  CHECK(has(page, "&#39;&lt;here&gt;&#39;"));
}

TEST_CASE("every number is in the tables", "[analysis]") {
  const support::TemporaryFolder folder;
  without_programs([&] { Run().write(folder.path(), 1000); });
  // One line for each experiment and task: the full model and 56 windows on four tasks, 59 single
  // layers on one.
  CHECK(lines(read(folder.path() / "summary.csv")) == 1 + 4 * (1 + 56) + 59);
  CHECK(lines(read(folder.path() / "documents.csv")) % 40 == 1);
  const auto json = nlohmann::json::parse(read(folder.path() / "summary.json"));
  CHECK(json["scores"].size() == 4 * (1 + 56) + 59);
  CHECK(json["scores"][0]["normalised"]["value"] == 1);
  CHECK(json["scores"][0]["perplexity"]["value"].is_number());
  CHECK(json["scores"][1]["perplexity"].is_null());
  CHECK(json["curves"].size() == 6 * 8);
  CHECK(json["order_of_harm"][0]["method"] == "middle_repeat");
  CHECK(json["findings"].size() == 13);
}

TEST_CASE("a plan with commas is one field of CSV", "[analysis]") {
  CHECK(detail::csv_field("0..3, 6..9") == "\"0..3, 6..9\"");
  CHECK(detail::csv_field("say \"a\"") == "\"say \"\"a\"\"\"");
  CHECK(detail::csv_field("0..9") == "0..9");
}

TEST_CASE("without gnuplot the report has no pictures and says so", "[analysis]") {
  const support::TemporaryFolder folder;
  std::string note;
  without_programs([&] { note = Run().write(folder.path(), 1000); });
  CHECK(has(note, "gnuplot is not installed"));
  const std::string page = read(folder.path() / "report.html");
  CHECK(has(page, "gnuplot is not installed"));
  CHECK_FALSE(has(page, "<figure"));
  CHECK(has(read(folder.path() / "figures" / "figure_4.gp"), "figure_4.csv"));
  CHECK_FALSE(std::filesystem::exists(folder.path() / "figures" / "figure_4.png"));
}

TEST_CASE("an interrupted run has a report of what is done", "[analysis]") {
  const support::TemporaryFolder folder;
  for (std::size_t count : {0, 1, 2, 9, 30}) {
    without_programs([&] { Run().write(folder.path(), count); });
    const std::string page = read(folder.path() / "report.html");
    CHECK(has(page, " of 116 experiments are done"));
    CHECK(has(page, "</html>"));
  }
}

TEST_CASE("the order of harm says which of its neighbours may be luck", "[analysis]") {
  const Harm low{Variant::skip, Estimate(0.2)}, high{Variant::random, Estimate(0.6)};
  std::vector<double> draws(replicates, 0.7);
  std::fill(draws.begin(), draws.begin() + 100, 0.5);
  const Harm unsure{Variant::reverse, Estimate(0.65, draws)};
  CHECK(detail::not_told_apart({low, high}).empty());
  CHECK(has(detail::not_told_apart({low, high, unsure}), "random order and reverse"));
}

TEST_CASE("names cannot break out of the page or of a script", "[analysis]") {
  const support::TemporaryFolder folder;
  Run run;
  run.source.model = "<script>'\"`touch broken`\nplot x";
  const std::string note = run.write(folder.path(), 30);
  const std::string page = read(folder.path() / "report.html");
  CHECK_FALSE(has(page, "<script>"));
  CHECK(has(page, "&lt;script&gt;"));
  CHECK((note.empty() || has(note, "not installed")));
  CHECK_FALSE(std::filesystem::exists(folder.path() / "figures" / "broken"));
}

TEST_CASE("what gnuplot says reaches the error", "[analysis]") {
  const support::TemporaryFolder folder;
  const auto script = folder.write("bad.gp", "plot nothing at all\n");
  try {
    if (!run_gnuplot(script)) WARN("skipped: gnuplot is not installed");
  } catch (const painters::Error& e) {
    CHECK(has(e.what(), "bad.gp"));
    CHECK(has(e.what(), "line 1"));
    return;
  }
  CHECK_FALSE(run_gnuplot(script));
}

TEST_CASE("a file is written whole or not at all", "[analysis]") {
  const support::TemporaryFolder folder;
  const auto path = folder.write("a.txt", "old");
  painters::write_file(path, "new");
  CHECK(read(path) == "new");
  CHECK_THROWS_AS(painters::write_file(folder.path() / "none" / "a.txt", "new"), painters::Error);
  if (std::filesystem::exists("/dev/full")) {
    std::filesystem::create_symlink("/dev/full", folder.path() / "full");
    CHECK_NOTHROW(painters::write_file(folder.path() / "full", "x"));  // the link is replaced
    CHECK(read(folder.path() / "full") == "x");
  }
}
