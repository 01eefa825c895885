#include <painters/model.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <painters/backend/built_in.hpp>
#include <painters/plan/queries.hpp>
#include <painters/tensor/packed_batch.hpp>

#include "support/catch.hpp"
#include "support/doubles.hpp"
#include "support/message.hpp"
#include "support/random_bert.hpp"
#include "support/random_causal_lm.hpp"
#include "support/small_vocabulary.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;
using Catch::Matchers::ContainsSubstring;
using support::Doubles;
using text::Tokens;

namespace {

const support::RandomCausalLm random_model(
    {{32, 40, {4, 2, 8}}, 4, support::small_vocabulary_size, 64});

/// The file of random_model with a tokenizer.
std::filesystem::path write(const support::TemporaryFolder& folder) {
  auto parts = random_model.gguf();
  support::add_small_vocabulary(parts, support::small_bos, support::small_eos);
  parts.write(folder.path() / "m.gguf");
  return folder.path() / "m.gguf";
}

/// The natural logarithms of the softmax of a row.
std::vector<double> log_softmax(const Doubles& logits, std::size_t row) {
  double sum = 0;
  for (std::size_t c = 0; c < logits.cols; ++c) sum += std::exp(logits(row, c));
  std::vector<double> all;
  for (std::size_t c = 0; c < logits.cols; ++c) all.push_back(logits(row, c) - std::log(sum));
  return all;
}

const std::vector<PlanInput> plans{"0..3", "none", "0, mean(1..2) x3, 3",
                                   Plan(Sequence{4}) | Skip{1}};

}  // namespace

TEST_CASE("a model gives the logits and states of its file, on every backend", "[front]") {
  const support::TemporaryFolder folder;
  const auto path = write(folder);
  for (const std::string_view backend : backend::built_in_names()) {
    const Model model(path, {.backend = {std::string(backend), ""}});
    CHECK(model.num_hidden_layers() == 4);
    CHECK(model.sizes().vocab_size == support::small_vocabulary_size);
    CHECK(model.all() == Sequence{4});
    const std::vector<TextInput> texts{"the cat", Tokens{5}, "a longer text than the others"};
    for (const PlanInput& input : plans) {
      const Plan plan = input.of(4);
      CAPTURE(backend, plan);
      const auto logits = model.logits(input, texts);
      const auto states = model.states(input, texts);
      REQUIRE(logits.size() == texts.size());
      REQUIRE(states.size() == texts.size());
      for (std::size_t i = 0; i < texts.size(); ++i) {
        const Tokens tokens = model.tokens(texts[i]);
        const Doubles expected = random_model.logits(plan, tokens);
        CHECK(support::distance(logits[i].view(), expected) < 1e-4);
        CHECK(support::distance(model.logits(input, texts[i]).view(), expected) < 1e-4);
        REQUIRE(states[i].size() == steps(plan) + 1);
        CHECK(support::distance(states[i].front().view(), random_model.embed(tokens)) == 0);
        CHECK(support::distance(states[i].back().view(),
                                random_model.run(plan, random_model.embed(tokens))) < 1e-4);
        CHECK(support::distance(model.states(input, texts[i]).back().view(),
                                Doubles(states[i].back().view())) < 1e-4);
      }
    }
  }
}

TEST_CASE("scores and next tokens follow from the logits", "[front]") {
  const support::TemporaryFolder folder;
  const Model model(write(folder));
  const Tokens context{5, 17, 200}, continuation{30, 2};
  for (const PlanInput& input : plans) {
    const Plan plan = input.of(4);
    CAPTURE(plan);
    const Doubles logits = random_model.logits(plan, Tokens{5, 17, 200, 30});
    const auto third = log_softmax(logits, 2), last = log_softmax(logits, 3);
    const engine::Score score = model.score(input, context, continuation);
    CHECK(std::abs(score.loglikelihood - third[30] - last[2]) < 1e-4);
    CHECK(score.tokens == 2);

    const auto next = model.next_tokens(input, Tokens{5, 17, 200, 30}, 3);
    REQUIRE(next.size() == 3);
    CHECK(next[0].log_probability >= next[1].log_probability);
    CHECK(next[1].log_probability >= next[2].log_probability);
    CHECK(std::abs(next[0].log_probability - *std::max_element(last.begin(), last.end())) < 1e-4);
    for (const NextToken& one : next) {
      CHECK(std::abs(one.log_probability - last[static_cast<std::size_t>(one.id)]) < 1e-4);
      CHECK(one.text == model.text(Tokens{one.id}));
    }
    CHECK(model.next_tokens(input, "a", 1000).size() == support::small_vocabulary_size);
  }
}

TEST_CASE("many plans and requests are scored in one call, as characters or as tokens", "[front]") {
  const support::TemporaryFolder folder;
  const Model model(write(folder));
  const std::vector<engine::Request> requests{{"the cat", " the"}, {"", "begins"}, {"a b ", "c"}};
  std::vector<engine::TokenRequest> encoded{
      {model.tokens("the cat"), model.tokens(" the")},
      {{support::small_bos}, model.tokens("begins")},
      {model.tokens("a b"), model.tokens(" c")}};  // the blank moves to the continuation
  const auto scores = model.scores(plans, requests), same = model.scores(plans, encoded);
  REQUIRE(scores.plans() == plans.size());
  REQUIRE(scores.requests() == requests.size());
  for (std::size_t p = 0; p < plans.size(); ++p)
    for (std::size_t r = 0; r < requests.size(); ++r) {
      CHECK(std::abs(scores(p, r).loglikelihood - same(p, r).loglikelihood) < 1e-4);
      const engine::Score alone =
          model.score(plans[p], requests[r].context, requests[r].continuation);
      CHECK(std::abs(scores(p, r).loglikelihood - alone.loglikelihood) < 1e-4);
    }
  encoded[0].context.insert(encoded[0].context.begin(), support::small_bos);
  CHECK(std::abs(model.score("0..3", "the cat", " the", {.add_bos = true}).loglikelihood -
                 model.scores({"0..3"}, encoded)(0, 0).loglikelihood) < 1e-4);
}

TEST_CASE("threads may ask one model at the same time", "[front]") {
  const support::TemporaryFolder folder;
  const Model model(write(folder));
  std::vector<std::vector<tensor::Buffer>> found(4);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < found.size(); ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 10; ++i)
        found[t].push_back(model.logits(plans[t], "thread " + std::to_string(t)));
    });
  for (std::thread& thread : threads) thread.join();
  for (std::size_t t = 0; t < found.size(); ++t) {
    const Doubles expected =
        random_model.logits(plans[t].of(4), model.tokens("thread " + std::to_string(t)));
    for (const tensor::Buffer& logits : found[t])
      CHECK(support::distance(logits.view(), expected) < 1e-4);
  }
}

TEST_CASE("a model is asked for what it can do, and says so otherwise", "[front]") {
  const support::TemporaryFolder folder;
  Model opened(write(folder));
  const Model model = std::move(opened);
  CHECK_THROWS_AS(model.logits("0..4", "a"), UsageError);
  CHECK_THROWS_AS(model.logits("0..", "a"), UsageError);
  CHECK_THROWS_AS(model.logits(Plan(Sequence{5}), "a"), UsageError);
  CHECK_THROWS_WITH(model.logits("0..3", ""),
                    "expected texts of at least one token, found one without");
  CHECK_THROWS_AS(model.score("0..3", Tokens{1}, Tokens{1}, {.add_bos = true}), UsageError);
  CHECK_THROWS_WITH(model.logits("0..3", Tokens{262}), ContainsSubstring("found 262"));
  CHECK_THROWS_WITH(model.score("0..3", "a", Tokens{1}), ContainsSubstring("one of each"));
  CHECK_THROWS_AS(Model(folder.path() / "missing.gguf"), Error);
  CHECK_THROWS_AS(Model(folder.path() / "m.gguf", {.backend = {"abacus", ""}}), UsageError);
}

TEST_CASE("an encoder gives states and what its head makes of them", "[front]") {
  const support::TemporaryFolder folder;
  const support::RandomBert random({});
  random.hugging_face().write(folder.path() / "model");
  const Model model(folder.path() / "model");
  const Tokens tokens{3, 9, 4};
  const auto batch = tensor::single_sequence(3);
  for (const PlanInput& input : {PlanInput("0..2"), PlanInput("0, mean(1..2)")}) {
    const Plan plan = input.of(3);
    const Doubles x = random.run(plan, random.embed(tokens, std::vector<int>(3), batch), batch);
    CHECK(support::distance(model.states(input, tokens).back().view(), x) < 1e-4);
    CHECK(support::distance(model.logits(input, tokens).view(), random.logits(x, batch)) < 1e-4);
    const std::vector<TextInput> two{tokens, Tokens{8, 8}};
    CHECK(support::distance(model.logits(input, two)[0].view(), random.logits(x, batch)) < 1e-4);
  }
  CHECK_THROWS_WITH(model.logits("0..2", Tokens{}),
                    "expected a text of at least one token, found none");
  CHECK_THROWS_WITH(model.next_tokens("0..2", tokens), ContainsSubstring("found a BERT"));
  CHECK_THROWS_WITH(model.score("0..2", tokens, tokens), ContainsSubstring("found a BERT"));
}
