#include <painters/plan/paper_lists.hpp>

#include <set>
#include <string>

#include "support/catch.hpp"
#include "support/paper_plans.hpp"

#include <painters/error.hpp>
#include <painters/plan/queries.hpp>
#include <painters/plan/validate.hpp>

using namespace painters;

TEST_CASE("the paper's list is the full model and all other lists", "[plan][lists]") {
  for (const std::size_t layers : {2, 3, 24, 30}) {
    const auto texts = plan_list("paper", layers);
    const auto plans = support::paper_plans(layers, true);
    REQUIRE(texts.size() == plans.size());
    for (std::size_t i = 0; i < texts.size(); ++i) {
      CHECK(parse_plan(texts[i], layers) == plans[i]);
      CHECK_NOTHROW(validate(plans[i], layers));
    }
  }
  CHECK(plan_list("paper", 30).size() == 705);
}

TEST_CASE("lists hold the method that they are named after", "[plan][lists]") {
  CHECK(plan_list("skip-one", 3) ==
        std::vector<std::string>{"@skip_one(layer=0)", "@skip_one(layer=1)", "@skip_one(layer=2)"});
  CHECK(plan_list("switch-two", 3).size() == 2);
  CHECK(plan_list("random-windows", 24).size() == 120);
  CHECK(plan_list("loop-grid", 24).size() == 12 * 28);
  CHECK(plan_list("parallel-windows", 4) ==
        std::vector<std::string>{"@looped_parallel(start=0, repeats=1)",
                                 "@looped_parallel(start=1, repeats=1)"});
  CHECK(plan_list("loop-grid", 2).back() == "@looped_parallel(start=0, repeats=28)");
  for (const PlanList& list : plan_lists) CHECK_FALSE(list.meaning.empty());
}

TEST_CASE("a name that is no list is answered with all lists", "[plan][lists]") {
  try {
    plan_list("skips", 30);
    FAIL("expected an error");
  } catch (const UsageError& e) {
    const std::string text = e.what();
    CHECK(text.rfind("there is no list of plans \"skips\": choose one of paper, skip-one", 0) == 0);
    CHECK(text.find("loop-grid") != std::string::npos);
  }
}
