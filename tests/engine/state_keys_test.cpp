#include <painters/engine/state_keys.hpp>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "plan/random_plan.hpp"
#include "support/catch.hpp"
#include "support/paper_plans.hpp"

#include <rapidcheck.h>
#include <painters/plan/parse.hpp>

using namespace painters;
using engine::ContentKey;
using engine::key_of;

namespace {

ContentKey key_of_text(const char* text) { return key_of(parse_plan(text)); }

}  // namespace

TEST_CASE("plans that make the same state in other words have the same key",
          "[engine][state_keys]") {
  const std::vector<std::vector<const char*>> same{
      {"0..3", "0, 1, 2, 3", "(0..1), (2..3)", "(0..3) x1"},
      {"1 x4", "1, 1, 1, 1", "1 x2, (1) x2", "(1 x2) x2"},
      {"mean(1, 2)", "mean(2, 1)", "mean(1 * 2, 2 * 2)"},
      {"0, mean((1, 2), 3)", "0, mean(3, (1, 2))"},
      {"mean(5)", "5", "sum(5)"},
      {"sum(1 * 0.5)", "mean(1, none)"},
      {"none", "sum(4 * 0)"},
  };
  std::set<ContentKey> all;
  for (const auto& group : same) {
    for (const char* text : group) {
      CAPTURE(text, group.front());
      CHECK(key_of_text(text) == key_of_text(group.front()));
    }
    all.insert(key_of_text(group.front()));
  }
  CHECK(all.size() == same.size());
  for (const char* text : {"mean(1, 3)", "mean(1 * 2, 2)", "3..0", "1 x3", "1.ffn", "1.attention",
                           "sum(1, 2)", "0, mean((2, 1), 3)", "1"})
    CHECK(all.insert(key_of_text(text)).second);
}

TEST_CASE("the paper's plans have as many keys as they make different states",
          "[engine][state_keys]") {
  const auto plans = support::paper_plans(30, true);
  ApplicationGraph graph;
  std::set<ApplicationGraph::StateId> ends;
  std::set<ContentKey> keys;
  for (const Plan& plan : plans) {
    ends.insert(graph.add(plan));
    keys.insert(key_of(plan));
  }
  CHECK(keys.size() == ends.size());
}

TEST_CASE("a key does not depend on what else is in the graph", "[engine][state_keys]") {
  CHECK(rc::check("for any plans", [] {
    const auto plans = *rc::gen::container<std::vector<Plan>>(testing::random_plan());
    ApplicationGraph graph;
    std::vector<ApplicationGraph::StateId> ends;
    for (const Plan& plan : plans) ends.push_back(graph.add(plan));
    const auto keys = engine::state_keys(graph);
    std::map<ApplicationGraph::StateId, ContentKey> of;
    for (std::size_t p = 0; p < plans.size(); ++p) {
      RC_ASSERT(keys[ends[p]] == key_of(plans[p]));
      of[ends[p]] = keys[ends[p]];
    }
    std::set<ContentKey> distinct;
    for (const auto& [end, key] : of) distinct.insert(key);
    RC_ASSERT(distinct.size() == of.size());
  }));
}
