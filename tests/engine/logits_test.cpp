#include <painters/engine/logits.hpp>

#include <cstddef>
#include <vector>

#include <painters/models/causal_lm.hpp>
#include <painters/plan/parse.hpp>
#include <painters/plan/queries.hpp>

#include "support/backends.hpp"
#include "support/catch.hpp"
#include "support/random_causal_lm.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;
using support::Doubles;

namespace {

struct Step {
  const char* plan;
  std::vector<const char*> steps;  // the plans of its steps
};

const Step plans[] = {{"0..3", {"0", "1", "2", "3"}},
                      {"none", {}},
                      {"2 x3, 0", {"2", "2", "2", "0"}},
                      {"0, mean(1..2) x2, (3, 1.ffn) x2",
                       {"0", "mean(1..2)", "mean(1..2)", "3", "1.ffn", "3", "1.ffn"}},
                      {"mean((0..1), 3 x2), sum(2 * 0.5)", {"mean((0..1), 3 x2)", "sum(2 * 0.5)"}}};

}  // namespace

TEMPLATE_TEST_CASE("states are shown before the first step and after each", "[engine][logits]",
                   PAINTERS_TEST_BACKENDS) {
  const support::TemporaryFolder folder;
  const support::RandomCausalLm random(support::CausalLmShape{});
  random.gguf().write(folder.path() / "m.gguf");
  TestType backend;
  const models::CausalLm<TestType> model(folder.path() / "m.gguf", backend);
  const std::vector<text::TokenId> tokens{5, 0, 59, 5, 17, 30, 2};
  for (const auto& [plan, step_texts] : plans) {
    CAPTURE(plan);
    std::vector<Doubles> states;
    const tensor::Buffer logits =
        engine::logits(model, parse_plan(plan), tokens,
                       [&](tensor::ConstMatrix values) { states.emplace_back(values); });
    REQUIRE(states.size() == step_texts.size() + 1);
    CHECK(states.size() == steps(parse_plan(plan)) + 1);
    Doubles expected = random.embed(tokens);
    CHECK(support::distance(states[0], expected) == 0);
    for (std::size_t s = 0; s < step_texts.size(); ++s) {
      expected = random.run(parse_plan(step_texts[s]), expected);
      CHECK(support::distance(states[s + 1], expected) < 5e-5);
    }
    CHECK(logits.rows() == tokens.size());
    CHECK(logits.cols() == 60);
    CHECK(support::distance(logits.view(), random.logits(parse_plan(plan), tokens)) < 1e-4);
  }
}

TEMPLATE_TEST_CASE("plans and tokens that do not fit the model are refused", "[engine][logits]",
                   PAINTERS_TEST_BACKENDS) {
  const support::TemporaryFolder folder;
  support::RandomCausalLm(support::CausalLmShape{}).gguf().write(folder.path() / "m.gguf");
  TestType backend;
  const models::CausalLm<TestType> model(folder.path() / "m.gguf", backend);
  std::size_t states = 0;
  const auto forward = [&](const char* plan, const std::vector<text::TokenId>& tokens) {
    return engine::logits(model, parse_plan(plan), tokens, [&](tensor::ConstMatrix) { ++states; });
  };
  CHECK_THROWS_AS(forward("0..4", {1, 2}), UsageError);
  CHECK_THROWS_AS(forward("mean(1, 9)", {1, 2}), UsageError);
  Plan part;
  part.append(call(1, 3));
  CHECK_THROWS_AS(engine::logits(model, part, std::vector<text::TokenId>{1},
                                 [&](tensor::ConstMatrix) { ++states; }),
                  UsageError);
  CHECK_THROWS_WITH(forward("0..3", {1, 60}), Catch::Matchers::ContainsSubstring("found 60"));
  CHECK_THROWS_WITH(forward("0..3", {-1}), Catch::Matchers::ContainsSubstring("found -1"));
  CHECK(states == 0);
  CHECK(forward("0..3", {}).rows() == 0);
}
