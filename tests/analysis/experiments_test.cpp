#include <painters/analysis/experiments.hpp>

#include <algorithm>
#include <set>

#include "support/catch.hpp"

using namespace painters::analysis;

namespace {

std::size_t count(const std::vector<Experiment>& list, Variant variant) {
  return static_cast<std::size_t>(std::count_if(
      list.begin(), list.end(), [&](const Experiment& e) { return e.variant == variant; }));
}

const Experiment& find(const std::vector<Experiment>& list, Variant variant, std::size_t start,
                       std::uint64_t seed = 0) {
  return *std::find_if(list.begin(), list.end(), [&](const Experiment& e) {
    return e.variant == variant && e.start == start && e.seed == seed;
  });
}

}  // namespace

TEST_CASE("the full selection has all experiments of the paper's figures", "[analysis]") {
  const auto list = experiments(30, full_selection(30));
  CHECK(list.size() == 1 + 30 + 29 + 15 * (5 + 10));
  CHECK(count(list, Variant::skip_one) == 30);
  CHECK(count(list, Variant::switch_two) == 29);
  CHECK(count(list, Variant::random) == 150);
  CHECK(count(list, Variant::looped_parallel) == 15);
  CHECK(experiments(32, full_selection(32)).size() == 1 + 32 + 31 + 16 * 15);
  CHECK(experiments(24, full_selection(24)).size() == 1 + 24 + 23 + 12 * 15);
}

TEST_CASE("the quick selection has every second window and two seeds", "[analysis]") {
  const auto list = experiments(30, quick_selection(30));
  CHECK(list.size() == 1 + 30 + 29 + 8 * (5 + 2));
  std::set<std::size_t> affected;
  for (const Experiment& e : list)
    if (e.variant == Variant::skip) affected.insert(e.affected);
  CHECK(affected == std::set<std::size_t>{1, 5, 9, 13, 17, 21, 25, 29});
}

TEST_CASE("plans are those of the authors' code", "[analysis]") {
  const auto list = experiments(32, full_selection(32));
  CHECK(list.front().plan == "0..31");
  CHECK(find(list, Variant::skip, 12).affected == 7);
  CHECK(find(list, Variant::skip, 12).plan == "0..12, 20..31");
  CHECK(find(list, Variant::middle_repeat, 12).plan == "0..12, 16 x7, 20..31");
  CHECK(find(list, Variant::reverse, 12).plan == "0..12, 19..13, 20..31");
  CHECK(find(list, Variant::random, 12, 1).plan == "0..12, 16, 19, 18, 15, 13, 17, 14, 20..31");
  CHECK(find(list, Variant::parallel, 12).plan == "0..12, mean(13..19), 20..31");
  CHECK(find(list, Variant::looped_parallel, 12).plan == "0..12, mean(13..19) x3, 20..31");
  CHECK(find(list, Variant::skip_one, 31).plan == "0..30");
  CHECK(find(list, Variant::switch_two, 30).plan == "0..29, 31, 30");
  CHECK(find(list, Variant::reverse, 15).plan == list.front().plan);
}

TEST_CASE("an interrupted run has the full model first and windows from coarse to fine",
          "[analysis]") {
  const auto list = experiments(30, full_selection(30));
  CHECK(list.front().variant == Variant::baseline);
  std::vector<std::size_t> windows, single;
  for (const Experiment& e : list) {
    if (e.variant == Variant::skip) windows.push_back(e.affected);
    if (e.variant == Variant::skip_one) single.push_back(e.start);
  }
  CHECK(std::vector(windows.begin(), windows.begin() + 5) ==
        std::vector<std::size_t>{29, 1, 15, 23, 9});
  CHECK(std::vector(single.begin(), single.begin() + 3) == std::vector<std::size_t>{0, 29, 14});
}

TEST_CASE("coarse to fine names every number once", "[analysis]") {
  for (std::size_t n = 0; n < 100; ++n) {
    auto order = detail::coarse_to_fine(n);
    std::sort(order.begin(), order.end());
    REQUIRE(order.size() == n);
    for (std::size_t i = 0; i < n; ++i) REQUIRE(order[i] == i);
  }
}

TEST_CASE("models of one or two layers have experiments, too", "[analysis]") {
  CHECK(experiments(1, full_selection(1)).size() ==
        2);  // the full model and the plan that calls nothing
  CHECK(experiments(2, full_selection(2)).size() == 1 + 2 + 1 + 15);
}

TEST_CASE("single layers run on one task, windows on all", "[analysis]") {
  CHECK(runs_on(Variant::skip_one, "lambada_openai"));
  CHECK_FALSE(runs_on(Variant::switch_two, "hellaswag"));
  CHECK(runs_on(Variant::baseline, "hellaswag"));
  CHECK(runs_on(Variant::random, "winogrande"));
}
