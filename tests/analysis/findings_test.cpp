#include <painters/analysis/findings.hpp>

#include <algorithm>
#include <functional>

#include "analysis/synthetic.hpp"
#include "support/catch.hpp"

using namespace painters::analysis;

namespace {

constexpr std::size_t layers = 30;

std::vector<Finding> check(
    std::size_t documents, std::size_t count = 1000,
    const std::function<Variant(Variant)>& swap = [](Variant m) { return m; }) {
  const auto tasks = synthetic::tasks(documents);
  const auto list = experiments(layers, quick_selection(layers));
  const auto source = synthetic::source(layers);
  std::vector<Record> records;
  for (std::size_t i = 0; i < std::min(count, list.size()); ++i)
    for (const DataSet& data : tasks) {
      if (!runs_on(list[i].variant, data.task)) continue;
      Experiment as = list[i];
      as.variant = swap(as.variant);
      records.push_back(synthetic::record(as, source, data));
    }
  const Study study(source, tasks, list, records);
  return findings(study, Curves(study));
}

const Finding& about(const std::vector<Finding>& list, const std::string& words) {
  const auto at = std::find_if(list.begin(), list.end(), [&](const Finding& f) {
    return f.claim.find(words) != std::string::npos;
  });
  REQUIRE(at != list.end());
  return *at;
}

}  // namespace

TEST_CASE("a model that does as the paper says agrees with its findings", "[analysis]") {
  const auto list = check(200);
  for (const Finding& finding : list)
    if (finding.claim.find("ARC") == std::string::npos) {  // the synthetic tasks fall alike
      INFO(finding.claim << ": " << finding.numbers);
      CHECK(finding.verdict == Verdict::agrees);
    }
  CHECK(
      about(list, "Any one of the middle").numbers.find("More than half is lost at: 0, 28, 29.") !=
      std::string::npos);
}

TEST_CASE("a model that does the opposite differs", "[analysis]") {
  const auto list = check(200, 1000, [](Variant m) {
    return m == Variant::reverse ? Variant::random : m == Variant::random ? Variant::reverse : m;
  });
  CHECK(about(list, "Random order is milder").verdict == Verdict::differs);
  CHECK(about(list, "worst of all").verdict == Verdict::agrees);
}

TEST_CASE("few documents are not enough to tell", "[analysis]") {
  const auto list =
      check(200, 1000, [](Variant m) { return m == Variant::random ? Variant::reverse : m; });
  CHECK(about(list, "Random order is milder").verdict == Verdict::undecided);
}

TEST_CASE("findings are not judged before their experiments are done", "[analysis]") {
  for (const Finding& finding : check(50, 1)) {
    CHECK(finding.verdict == Verdict::not_judged);
    CHECK_FALSE(finding.difference);
  }
  CHECK_NOTHROW(check(50, 0));
  for (std::size_t count = 2; count < 20; ++count) CHECK_NOTHROW(check(10, count));
}

TEST_CASE("the order of harm is that of the strengths", "[analysis]") {
  const auto tasks = synthetic::tasks(200);
  const auto list = experiments(layers, quick_selection(layers));
  const auto source = synthetic::source(layers);
  const Study study(source, tasks, list, synthetic::records(list, 1000, source, tasks));
  const Curves curves(study);
  CHECK(curves.compared() == std::vector<std::size_t>{5, 9, 13, 17, 21, 25, 29});
  std::vector<Variant> order;
  for (const Harm& harm : curves.order_of_harm()) order.push_back(harm.variant);
  CHECK(order == std::vector{Variant::middle_repeat, Variant::skip, Variant::parallel,
                             Variant::reverse, Variant::random, Variant::looped_parallel});
}
