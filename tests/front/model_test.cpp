#include <painters/model.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <optional>
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

TEST_CASE("hooks look into a model's layers under every plan, and change what comes out",
          "[front][hooks]") {
  const support::TemporaryFolder folder;
  const auto path = write(folder);
  for (const std::string_view backend : backend::built_in_names()) {
    const Model model(path, {.backend = {std::string(backend), ""}});
    const std::vector<TextInput> texts{Tokens{5, 17, 200}, Tokens{5, 17, 200},
                                       Tokens{9, 5, 17, 200, 30, 2}};
    for (const PlanInput& input : plans) {
      const Plan plan = input.of(4);
      CAPTURE(backend, plan);
      // Head 1 of layer 2 says nothing to the second of two equal texts.
      ActivationHooks hooks;
      hooks.change(HookPoint::z, {.layers = {2}, .texts = {1}},
                   [](const HookedValues& z) { fill(z.head(1), 0); });
      const auto logits = model.logits(input, texts, hooks);
      const auto states = model.states(input, texts, hooks);
      const auto next = model.next_tokens(input, texts, 1, hooks);
      for (std::size_t i = 0; i < texts.size(); ++i) {
        const Tokens tokens = model.tokens(texts[i]);
        const Doubles end = random_model.run(
            plan, random_model.embed(tokens),
            [&](std::uint32_t layer, HookPoint point, Doubles& z, std::size_t heads) {
              if (i != 1 || layer != 2 || point != HookPoint::z) return;
              const std::size_t size = z.cols / heads;
              for (std::size_t r = 0; r < z.rows; ++r)
                for (std::size_t c = size; c < 2 * size; ++c) z(r, c) = 0;
            });
        const Doubles expected = random_model.unembed(end);
        CHECK(support::distance(logits[i].view(), expected) < 1e-4);
        CHECK(states[i].size() == steps(plan) + 1);
        CHECK(support::distance(states[i].back().view(), end) < 1e-4);
        CHECK(support::distance(model.unembed(states[i].back().view()).view(), expected) < 1e-4);
        CHECK(static_cast<std::size_t>(next[i][0].id) ==
              support::argmax(expected.row(expected.rows - 1)));
      }
    }
  }
}

TEST_CASE("hooks tell the calls of a plan apart, also where a sweep would share them",
          "[front][hooks]") {
  const support::TemporaryFolder folder;
  const Model model(write(folder));
  const Tokens tokens{5, 17, 200, 30};
  // Both branches call layer 1 on the same state, and only the second is changed.
  ActivationHooks hooks;
  hooks.change(HookPoint::resid_post, {.calls = {2}}, [](const HookedValues& x) {
    for (std::size_t r = 0; r < x.values.rows; ++r)
      for (std::size_t c = 0; c < x.values.cols; ++c) x.values(r, c) *= 3;
  });
  std::vector<KeptValues> kept;
  hooks.keep(HookPoint::resid_post, {}, kept);
  const auto states = model.states("0, mean(1, 1), 3", tokens, hooks);
  Doubles x = random_model.run(model.plan("0, 1"), random_model.embed(tokens));
  for (double& value : x.values) value *= 2;
  CHECK(support::distance(states[2].view(), x) < 1e-4);
  REQUIRE(kept.size() == 4);
  for (std::size_t i = 0; i < kept.size(); ++i) CHECK(kept[i].call.number == i);
  CHECK(kept[2].call.depth == 1);
  CHECK(kept[2].call.branch == 1);
}

TEST_CASE("scores are taken with hooks, too, each plan and text by itself", "[front][hooks]") {
  const support::TemporaryFolder folder;
  const Model model(write(folder));
  const std::vector<engine::TokenRequest> requests{
      {{5, 17}, {200, 30}}, {{5, 17}, {200, 31}}, {{8}, {2}}};
  ActivationHooks hooks;
  hooks.change(HookPoint::mlp_out, {.layers = {1}, .texts = {1}},
               [](const HookedValues& update) { fill(update.values, 0); });
  const auto scores = model.scores(plans, requests, {.hooks = hooks});
  for (std::size_t p = 0; p < plans.size(); ++p)
    for (std::size_t r = 0; r < requests.size(); ++r) {
      Tokens read = requests[r].context;
      read.insert(read.end(), requests[r].continuation.begin(), requests[r].continuation.end() - 1);
      const Doubles logits = random_model.unembed(
          random_model.run(plans[p].of(4), random_model.embed(read),
                           [&](std::uint32_t layer, HookPoint point, Doubles& update, std::size_t) {
                             if (r == 1 && layer == 1 && point == HookPoint::mlp_out)
                               std::fill(update.values.begin(), update.values.end(), 0.0);
                           }));
      double expected = 0;
      for (std::size_t t = 0; t < requests[r].continuation.size(); ++t)
        expected +=
            log_softmax(logits, requests[r].context.size() - 1 +
                                    t)[static_cast<std::size_t>(requests[r].continuation[t])];
      CAPTURE(p, r);
      CHECK(std::abs(scores(p, r).loglikelihood - expected) < 1e-4);
    }
}

TEST_CASE("hooks on what is not there are refused", "[front][hooks]") {
  const support::TemporaryFolder folder;
  const Model model(write(folder));
  const auto with = [&](HookPoint point, layers::HookFilter filter) {
    ActivationHooks hooks;
    hooks.read(point, std::move(filter), [](const ConstHookedValues&) {});
    return support::message([&] { model.logits("0..3", Tokens{1, 2}, hooks); });
  };
  CHECK(with(HookPoint::z, {.layers = {4}}) ==
        "expected a hook at z of layers below 4, as many as there are, found one of layer 4");
  CHECK(with(HookPoint::z, {.texts = {1}}) ==
        "expected a hook at z of texts below 1, as many as there are, found one of text 1");
  CHECK(with(HookPoint::z, {.calls = {4}}) ==
        "expected a hook at z of calls below 4, as many as there are, found one of call 4");
  CHECK(with(HookPoint::post, {.layers = {3}}).empty());
}

TEST_CASE("an encoder has hooks, each text with its number", "[front][hooks]") {
  const support::TemporaryFolder folder;
  const support::RandomBert random({});
  random.hugging_face().write(folder.path() / "model");
  const Model model(folder.path() / "model");
  const std::vector<TextInput> texts{Tokens{3, 9, 4}, Tokens{8, 8}};
  std::vector<KeptValues> kept, alone;
  ActivationHooks hooks, one;
  hooks.keep(HookPoint::pattern, {.layers = {1}, .texts = {1}}, kept);
  model.states("0..2", texts, hooks);
  model.logits("0..2", texts, hooks);
  one.keep(HookPoint::pattern, {.layers = {1}}, alone);
  model.states("0..2", texts[1], one);
  REQUIRE(kept.size() == 2);
  REQUIRE(alone.size() == 1);
  for (const KeptValues& pattern : kept) {
    CHECK(pattern.text == 1);
    CHECK(pattern.values.rows() == 2);
    CHECK(pattern.head(0).cols == 2);  // keys
    CHECK(support::distance(pattern.values.view(), alone[0].values.view()) < 1e-5);
  }
}

TEST_CASE("layers and parts of a model are exchanged, and the model stays as it was",
          "[front][edited]") {
  const support::TemporaryFolder folder;
  const auto path = write(folder);
  const Tokens tokens{5, 17, 200, 30};
  for (const std::string_view backend : backend::built_in_names()) {
    CAPTURE(backend);
    std::optional<Model> opened(Model(path, {.backend = {std::string(backend), ""}}));
    const Model edited =
        opened->with_layer(2, [](tensor::Matrix x, const tensor::PackedBatch&) { fill(x, 1); })
            .with_part(
                1, Model::ffn,
                [](tensor::ConstMatrix x, const tensor::PackedBatch& texts, tensor::Matrix update) {
                  CHECK(texts.rows() == x.rows);
                  fill(update, 0);
                });
    CHECK(support::distance(opened->logits("0..3", tokens).view(),
                            random_model.logits(opened->all(), tokens)) < 1e-4);
    opened.reset();  // the edited one goes on
    Doubles x = random_model.run(edited.plan("0, 1.attention"), random_model.embed(tokens));
    CHECK(support::distance(edited.states("0, 1", tokens).back().view(), x) < 1e-4);
    std::fill(x.values.begin(), x.values.end(), 1.0);
    const Doubles logits = random_model.unembed(random_model.run(edited.plan("3"), x));
    CHECK(support::distance(edited.logits("0..3", tokens).view(), logits) < 1e-4);
    CHECK(std::abs(edited.score("0..3", Tokens{5, 17}, Tokens{200}).loglikelihood -
                   log_softmax(logits, 1)[200]) < 1e-4);
    CHECK(edited.weights(3).down.weight.rows() == 32);
    CHECK(support::message([&] { edited.weights(2); }) ==
          "expected a layer of the model's file, but layer 2 was exchanged");
    const auto part = [](tensor::ConstMatrix, const tensor::PackedBatch&, tensor::Matrix) {};
    const auto layer = [](tensor::Matrix, const tensor::PackedBatch&) {};
    CHECK_THROWS_WITH(edited.with_part(2, Model::ffn, part), ContainsSubstring("layer 2"));
    CHECK_THROWS_WITH(edited.with_layer(4, layer), ContainsSubstring("found 4"));
    CHECK_THROWS_WITH(edited.with_layer(3, {}), ContainsSubstring("found an empty one"));
    CHECK_THROWS_WITH(edited.with_part(3, Model::ffn, {}), ContainsSubstring("found an empty one"));
  }
}
