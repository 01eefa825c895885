#include <painters/analysis/study.hpp>

#include <algorithm>

#include "analysis/synthetic.hpp"
#include "support/catch.hpp"

using namespace painters::analysis;

namespace {

constexpr std::size_t layers = 12;

Study study(std::size_t documents, std::size_t count) {
  const auto tasks = synthetic::tasks(documents);
  const auto list = experiments(layers, quick_selection(layers));
  const auto source = synthetic::source(layers);
  return {source, tasks, list, synthetic::records(list, count, source, tasks)};
}

}  // namespace

TEST_CASE("the full model's normalised score is 1 without any doubt", "[analysis]") {
  const Study s = study(60, 1000);
  for (std::size_t t = 0; t < 4; ++t) {
    REQUIRE(s.has_scale(t));
    CHECK(s.full(t)->normalised->value() == 1);
    CHECK(s.full(t)->normalised->interval() == Interval{1, 1});
  }
}

TEST_CASE("a curve has the windows in order, its median over tasks and its mean over seeds",
          "[analysis]") {
  const Study s = study(60, 1000);
  const auto points = s.curve(Variant::random);
  REQUIRE(points.size() == 3);
  CHECK(points[0].affected == 1);
  CHECK(points[2].affected == 9);
  CHECK(points[1].seeds == 2);
  std::vector<Estimate> tasks, seeds;
  for (const auto& score : points[1].normalised) tasks.push_back(*score);
  CHECK(points[1].median->value() == median(tasks).value());
  for (const Experiment& e : s.experiments())
    if (e.variant == Variant::random && e.affected == 5) seeds.push_back(*s.find(e, 2)->normalised);
  REQUIRE(seeds.size() == 2);
  CHECK(points[1].normalised[2]->value() == Approx((seeds[0].value() + seeds[1].value()) / 2));
}

TEST_CASE(
    "a task whose full model is not clearly above chance has no scale and is not in the median",
    "[analysis]") {
  const auto list = experiments(layers, quick_selection(layers));
  const auto source = synthetic::source(layers);
  auto tasks = synthetic::tasks(60);
  const auto records = synthetic::records(list, 1000, source, tasks);
  tasks[1].chance = 0.97;  // about the full model's accuracy
  const Study s(source, tasks, list, records);
  CHECK_FALSE(s.has_scale(1));
  CHECK(s.has_scale(0));
  const auto points = s.curve(Variant::skip);
  CHECK_FALSE(points[1].normalised[1]);
  std::vector<Estimate> others{*points[1].normalised[0], *points[1].normalised[2],
                               *points[1].normalised[3]};
  CHECK(points[1].median->value() == median(others).value());
}

TEST_CASE("an experiment counts as done when all of its tasks are", "[analysis]") {
  CHECK(study(20, 0).done() == 0);
  const auto list = experiments(layers, quick_selection(layers));
  const auto source = synthetic::source(layers);
  const auto tasks = synthetic::tasks(20);
  auto records = synthetic::records(list, 1, source, tasks);
  CHECK(Study(source, tasks, list, records).is_done(list.front()));
  records.pop_back();
  const Study partial(source, tasks, list, records);
  CHECK_FALSE(partial.is_done(list.front()));
  CHECK(partial.find(list.front(), 0));
  CHECK(study(20, 1000).done() == list.size());
}

TEST_CASE("a median waits for all tasks of a window", "[analysis]") {
  const auto list = experiments(layers, quick_selection(layers));
  const auto source = synthetic::source(layers);
  const auto tasks = synthetic::tasks(30);
  auto records = synthetic::records(list, 1000, source, tasks);
  const auto dropped = *std::find_if(list.begin(), list.end(), [](const Experiment& e) {
    return e.variant == Variant::skip && e.affected == 5;
  });
  std::erase_if(records, [&](const Record& r) {
    return r.plan == dropped.plan && r.data.task == "winogrande";
  });
  const auto points = Study(source, tasks, list, records).curve(Variant::skip);
  REQUIRE(points.size() == 3);
  CHECK(points[1].normalised[0]);
  CHECK_FALSE(points[1].normalised[3]);
  CHECK_FALSE(points[1].median);
  CHECK(points[2].median);
}

TEST_CASE("records of another model are left out", "[analysis]") {
  const auto list = experiments(layers, quick_selection(layers));
  const auto source = synthetic::source(layers);
  Source other = source;
  other.fingerprint = "other";
  const auto tasks = synthetic::tasks(20);
  CHECK(Study(source, tasks, list, synthetic::records(list, 5, other, tasks)).done() == 0);
}
