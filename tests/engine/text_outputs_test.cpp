#include <painters/engine/text_outputs.hpp>

#include <cstddef>
#include <vector>

#include <painters/engine/logits.hpp>
#include <painters/plan/queries.hpp>

#include "engine/model_of_four_layers.hpp"
#include "support/backends.hpp"
#include "support/catch.hpp"
#include "support/message.hpp"

using namespace painters;
using engine::LogitsOf;
using support::Doubles;
using support::ModelOfFourLayers;
using support::Random;
using support::some_tokens;
using text::Tokens;

TEMPLATE_TEST_CASE("texts packed together give what each gives by itself", "[engine][outputs]",
                   PAINTERS_TEST_BACKENDS) {
  const ModelOfFourLayers<TestType> with;
  Random random(7);
  std::vector<Tokens> texts;
  for (const std::size_t size : {5u, 1u, 17u, 64u, 5u, 33u})
    texts.push_back(some_tokens(size, random));
  texts.push_back(texts[2]);                                    // the same again
  texts.emplace_back(texts[3].begin(), texts[3].begin() + 40);  // one's beginning
  const std::size_t small = std::size_t{1} << 17;               // many passes
  const std::size_t memory = GENERATE_COPY(std::size_t{1} << 30, small);
  for (const Plan& plan : support::plans_of_four_layers()) {
    CAPTURE(plan);
    const auto all = engine::text_outputs(with.model, plan, texts, {true, LogitsOf::every_token},
                                          {.tokens_per_pass = 100, .memory = memory});
    const auto last = engine::text_outputs(with.model, plan, texts, {false, LogitsOf::last_token});
    REQUIRE(all.size() == texts.size());
    REQUIRE(last.size() == texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i) {
      CAPTURE(i);
      const auto& random_model = support::random_model();
      CHECK(support::distance(all[i].logits.view(), random_model.logits(plan, texts[i])) < 1e-4);
      REQUIRE(last[i].logits.rows() == 1);
      CHECK(support::distance(last[i].logits.view(),
                              all[i].logits.view().middle_rows(texts[i].size() - 1, 1)) < 1e-4);
      CHECK(last[i].states.empty());
      std::size_t step = 0;
      engine::logits(with.model, plan, texts[i], [&](tensor::ConstMatrix values) {
        REQUIRE(step < all[i].states.size());
        CHECK(support::distance(all[i].states[step++].view(), Doubles(values)) < 1e-4);
      });
      CHECK(step == all[i].states.size());
      CHECK(step == steps(plan) + 1);
    }
  }
}

TEST_CASE("a text without tokens and a plan of too many layers are refused before anything runs",
          "[engine][outputs]") {
  const ModelOfFourLayers<backend::Reference> with;
  const std::vector<Tokens> empty{{1, 2}, {}}, unknown{{1, 60}}, good{{1, 2}};
  const Plan all = Sequence{4};
  CHECK_THROWS_WITH(engine::text_outputs(with.model, all, empty, {}),
                    "expected texts of at least one token, found one without");
  CHECK_THROWS_WITH(engine::text_outputs(with.model, all, unknown, {}),
                    Catch::Matchers::ContainsSubstring("found 60"));
  CHECK_THROWS_AS(engine::text_outputs(with.model, Plan(Sequence{5}), good, {}), UsageError);
}
