#include <painters/engine/run_passes.hpp>

#include <cstddef>
#include <map>
#include <numeric>
#include <span>
#include <stdexcept>
#include <vector>

#include <painters/backend/on_host.hpp>
#include <painters/engine/scorer.hpp>
#include <painters/error.hpp>
#include <painters/layers/hidden_states.hpp>
#include <painters/pipeline/apply_call.hpp>
#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/slot.hpp>
#include <painters/pipeline/stack.hpp>
#include <painters/plan/parse.hpp>

#include "engine/model_of_four_layers.hpp"
#include "support/backends.hpp"
#include "support/catch.hpp"

using namespace painters;
using engine::PassWork;
using engine::RunningPass;
using engine::Score;
using engine::Scorer;
using engine::TokenRequest;
using support::Doubles;
using support::ModelOfFourLayers;
using support::Random;
using support::same;
using support::some_requests;
using support::some_tokens;
using text::Tokens;
using StateId = ApplicationGraph::StateId;

namespace {

const std::vector<Plan> plans = support::plans_of_four_layers();

/// Ten requests of 33 tokens that have the first 30 in common.
std::vector<TokenRequest> ten_answers(Random& random) {
  const Tokens question = some_tokens(30, random);
  std::vector<TokenRequest> requests;
  for (int i = 0; i < 10; ++i) requests.push_back({question, {i, 1, 2}});
  return requests;
}

/// Keeps every text's part of every state.
template <class Model>
struct KeepStates {
  std::map<std::pair<StateId, std::size_t>, Doubles> states;  // by state and text

  void on_state(const RunningPass& pass, StateId id, const typename Model::State& x) {
    const Doubles all(layers::on_host(x).view());
    for (std::size_t i = 0; i < pass.texts.size(); ++i) {
      Doubles of_text(pass.tree.size(i), all.cols);
      for (std::size_t t = 0; t < of_text.rows; ++t)
        for (std::size_t c = 0; c < all.cols; ++c) of_text(t, c) = all(pass.tree.row(i, t), c);
      if (!states.emplace(std::pair(id, pass.texts[i]), of_text).second)
        FAIL("a state was reported twice");
    }
  }
};

/// Keeps the rows that are asked for, and makes the calls with a memory for each edge.
template <class Model>
struct KeepRows {
  const Model& model;
  std::map<std::pair<StateId, std::size_t>, std::vector<double>> firsts;  // of the last row
  std::map<StateId, Slot> memories;
  std::map<StateId, std::size_t> tokens;  // of the passes in which a call was made

  void on_rows(const RunningPass& pass, StateId id, typename Model::Backend::ConstMatrix rows) {
    REQUIRE(rows.rows == pass.rows.size());
    const Doubles values(backend::on_host(model.backend(), rows).view());
    for (std::size_t i = 0; i < pass.texts.size(); ++i) {
      const std::size_t place = pass.place(i, pass.tree.size(i) - 1);
      std::vector<double>& row = firsts[{id, pass.texts[i]}];
      for (std::size_t c = 0; c < rows.cols; ++c) row.push_back(values(place, c));
    }
  }
  void apply(const RunningPass& pass, StateId id, const CallSite& site, typename Model::State& x) {
    tokens[id] += pass.tree.tokens().size();
    apply_call(model.layers(), site, x, memories[id]);
  }
};

}  // namespace

TEMPLATE_TEST_CASE("a handler gets every state of every plan once, whatever shares a pass",
                   "[engine][passes]", PAINTERS_TEST_BACKENDS) {
  const ModelOfFourLayers<TestType> f;
  using Model = models::CausalLm<TestType>;
  Random random(1);
  std::vector<Tokens> texts;
  for (const TokenRequest& request : some_requests(random, 4))
    if (request.context.size() <= 64) texts.push_back(request.context);
  for (const std::size_t tokens_per_pass : {1, 60, 4096}) {
    PassWork work;
    std::vector<std::vector<StateId>> paths;
    for (const Plan& plan : plans) paths.push_back(work.add_states(plan, f.model.layers()));
    for (const Tokens& tokens : texts) work.add({.tokens = tokens});
    KeepStates<Model> kept;
    engine::run_passes(f.model, std::span(&work, 1), kept, {.tokens_per_pass = tokens_per_pass});
    std::size_t wrong = 0;
    for (std::size_t p = 0; p < plans.size(); ++p)
      for (std::size_t t = 0; t < texts.size(); ++t) {
        Doubles expected = support::random_model().embed(texts[t]);
        std::size_t step = 0;
        const auto check = [&] {
          const Doubles& found = kept.states.at({paths[p].at(step++), t});
          wrong += support::distance(found, expected) > 5e-5;
        };
        check();
        for_each_step(plans[p], [&](PlanView one) {
          expected = support::random_model().run(one, expected);
          check();
        });
        REQUIRE(step == paths[p].size());
      }
    CHECK(wrong == 0);
  }
}

TEMPLATE_TEST_CASE("a handler may make the calls itself, with a memory for each edge of the graph",
                   "[engine][passes]", PAINTERS_TEST_BACKENDS) {
  const ModelOfFourLayers<TestType> f;
  using Model = models::CausalLm<TestType>;
  Random random(2);
  PassWork work;
  std::vector<StateId> ends;
  for (const Plan& plan : plans) ends.push_back(work.add(plan, f.model.layers()));
  std::vector<Tokens> texts;
  for (const std::size_t n : {7, 1, 20}) texts.push_back(some_tokens(n, random));
  for (const Tokens& tokens : texts) work.add({.tokens = tokens, .rows = 1});
  KeepRows<Model> kept{f.model, {}, {}, {}};
  engine::run_passes(f.model, std::span(&work, 1), kept);
  CHECK(kept.memories.size() == work.graph().applications());
  for (const auto& [id, tokens] : kept.tokens) CHECK(tokens == 28);
  for (std::size_t p = 0; p < plans.size(); ++p)
    for (std::size_t t = 0; t < texts.size(); ++t) {
      const Doubles exact =
          support::random_model().run(plans[p], support::random_model().embed(texts[t]));
      const auto& row = kept.firsts.at({ends[p], t});
      double worst = 0;
      for (std::size_t c = 0; c < exact.cols; ++c)
        worst = std::max(worst, std::abs(row.at(c) - exact(exact.rows - 1, c)));
      CHECK(worst < 5e-5);
    }
}

TEST_CASE("a type that handles nothing, or both kinds, is no handler", "[engine][passes]") {
  using Model = models::CausalLm<backend::Reference>;
  struct Nothing {};
  struct Both : KeepStates<Model> {
    void on_rows(const RunningPass&, StateId, tensor::ConstMatrix) {}
  };
  struct Misspelt : KeepStates<Model> {
    void apply(StateId, Model::State&) {}
  };
  STATIC_REQUIRE(engine::PassHandler<KeepStates<Model>, Model>);
  STATIC_REQUIRE(engine::PassHandler<KeepRows<Model>, Model>);
  STATIC_REQUIRE_FALSE(engine::PassHandler<Nothing, Model>);
  STATIC_REQUIRE_FALSE(engine::PassHandler<Both, Model>);
  STATIC_REQUIRE_FALSE(engine::PassHandler<Misspelt, Model>);
}

TEMPLATE_TEST_CASE("progress is reported before every call of a layer, and can end the work",
                   "[engine][passes]", PAINTERS_TEST_BACKENDS) {
  ModelOfFourLayers<TestType> f;
  Random random(4);
  const Plan plan = parse_plan("0, mean(1..2) x2, 3");  // six calls
  std::vector<TokenRequest> requests;
  for (int i = 0; i < 6; ++i) requests.push_back({some_tokens(20, random), {1, 2}});
  std::vector<std::size_t> told, expected(3 * 6 + 1);
  std::iota(expected.begin(), expected.end(), std::size_t{0});
  const Scorer scorer(f.model, {.tokens_per_pass = 45});  // two of them a pass
  const auto scores = scorer.score(plan, requests, [&](const engine::SweepProgress& progress) {
    CHECK(progress.total == 3 * 6);
    CHECK(progress.share == Approx(static_cast<double>(progress.done) / 18));
    CHECK(progress.sharing == Approx(1));
    told.push_back(progress.done);
  });
  CHECK(told == expected);

  struct Stop : std::runtime_error {
    using std::runtime_error::runtime_error;
  };
  std::size_t calls = 0;
  CHECK_THROWS_AS(scorer.score(plan, requests,
                               [&](const engine::SweepProgress& progress) {
                                 ++calls;
                                 if (progress.done == 8) throw Stop("enough");
                               }),
                  Stop);
  CHECK(calls == 9);
  const auto again = scorer.score(plan, requests);  // interrupted work can be done again
  for (std::size_t i = 0; i < requests.size(); ++i) CHECK(same(again[i], scores[i]));
}

TEST_CASE("a common beginning takes its room in a pass once", "[engine][passes]") {
  ModelOfFourLayers<backend::Reference> f;
  Random random(5);
  const std::vector<TokenRequest> requests = ten_answers(random);
  const auto passes = [&](const engine::PassOptions& options) {
    std::size_t calls = 0;
    Scorer(f.model, options)
        .score(parse_plan("0"), requests,
               [&](const engine::SweepProgress& progress) { calls = progress.total; });
    return calls;
  };
  // The model reads 32 tokens for each, but only 2 of their own after the first.
  CHECK(passes({.tokens_per_pass = 50}) == 1);
  CHECK(passes({.tokens_per_pass = 49}) == 2);
  CHECK(passes({.tokens_per_pass = 1}) == 10);
  // A state has 32 numbers of 4 bytes for each token, a layer needs 96; 2 states a target.
  const auto bytes = [](std::size_t tokens, std::size_t targets) {
    return tokens * 4 * (32 + 96) + targets * 4 * 64;
  };
  CHECK(passes({.memory = bytes(50, 30)}) == 1);
  CHECK(passes({.memory = bytes(50, 30) - 1}) == 2);
  CHECK(passes({.memory = bytes(32, 3)}) == 10);
  CHECK_THROWS_WITH(passes({.memory = bytes(32, 3) - 1}),
                    Catch::Matchers::ContainsSubstring("one of 32 tokens needs 1 MB of 0 MB"));
}

TEMPLATE_TEST_CASE("states that do not fit in memory wait on disk, and nothing changes",
                   "[engine][passes][spill]", PAINTERS_TEST_BACKENDS) {
  ModelOfFourLayers<TestType> f;
  Random random(7);
  std::vector<TokenRequest> requests;
  for (int i = 0; i < 5; ++i) requests.push_back({some_tokens(60, random), {1, 2, 3}});
  std::vector<Plan> all;
  for (const char* text :
       {"0..3", "0, mean(1..2) x3, 3", "0, 1, mean((1, 2), 3, none), 2", "0, 2", "3..0",
        "mean(0, mean(1, mean(2, 3)))", "0, mean(1..2), 3", "sum(0 * 0.5, 1), 2", "none"})
    all.push_back(parse_plan(text));
  const auto scores = [&](const engine::PassOptions& options) {
    return Scorer(f.model, options).score(all, requests);
  };
  const auto plenty = scores({});
  ApplicationGraph graph;
  std::vector<ApplicationGraph::StateId> ends;
  for (const Plan& plan : all) ends.push_back(graph.add(plan));
  const engine::SweepOrder order(graph, ends, engine::LastCalls::apart);
  REQUIRE(engine::most_states(order) > 4);
  REQUIRE(engine::most_states_at_work(order) == 2);
  // Two states of 32 numbers for each of 62 tokens, 96 for a layer, and 2 states for 3 targets.
  const std::size_t least = 62 * 4 * (2 * 32 + 96) + 3 * 4 * 64;
  const auto tight = scores({.memory = least});
  for (std::size_t p = 0; p < all.size(); ++p)
    for (std::size_t r = 0; r < requests.size(); ++r) {
      CAPTURE(p, r);
      CHECK(same(plenty(p, r), tight(p, r)));
    }
  CHECK_THROWS_AS(scores({.memory = least - 1}), Error);
}

TEST_CASE("sharing saves what plans and texts have in common", "[engine][passes]") {
  ModelOfFourLayers<backend::Reference> f;
  Random random(9);
  const std::vector<TokenRequest> requests = ten_answers(random);
  const Plan all[] = {parse_plan("0..3"), parse_plan("0..2"), parse_plan("0, 3")};
  engine::SweepProgress last;
  Scorer(f.model).score(all, requests, [&](const engine::SweepProgress& progress) {
    if (progress.done > 0 && progress.done < progress.total)
      CHECK(progress.share == Approx(static_cast<double>(progress.done) / 5));
    last = progress;
  });
  CHECK(last.done == 5);
  CHECK(last.total == 5);
  CHECK(last.share == 1);
  // 9 calls, 5 of them distinct; 10 texts of 32 tokens, 50 of them distinct.
  CHECK(last.sharing == Approx(9.0 / 5 * 320 / 50));
}

TEMPLATE_TEST_CASE("what texts have in common makes no difference to their scores",
                   "[engine][passes]", PAINTERS_TEST_BACKENDS) {
  ModelOfFourLayers<TestType> f;
  for (unsigned seed = 1; seed <= 5; ++seed) {
    Random random(seed);
    const std::vector<TokenRequest> requests = some_requests(random, 6);
    for (const Plan& plan : plans) {
      const auto shared = Scorer(f.model).score(plan, requests);
      const auto alone =
          Scorer(f.model, {.sharing = engine::Sharing::equal_texts}).score(plan, requests);
      std::size_t different = 0;
      for (std::size_t i = 0; i < requests.size(); ++i) different += !same(shared[i], alone[i]);
      CAPTURE(seed, plan);
      CHECK(different == 0);
    }
  }
}

TEST_CASE("texts without tokens, rows that they lack and plans for other models are refused",
          "[engine][passes]") {
  const ModelOfFourLayers<backend::Reference> four;
  PassWork work;
  CHECK_THROWS_AS(work.add({.tokens = {}}), UsageError);
  CHECK_THROWS_AS(work.add({.tokens = {1, 2}, .rows = 3}), UsageError);
  work.add({.tokens = {1, 2, 3}, .rows = 1});

  const auto longer = stack<6>([](std::size_t) { return [](double&) {}; });
  PassWork other;
  other.add({.tokens = {1}});
  other.add(parse_plan("0..5"), longer);
  struct Handler {
    void on_rows(const RunningPass& pass, StateId, backend::Reference::ConstMatrix rows) {
      ++called;
      CHECK(pass.place(0, 2) == 0);
      CHECK_THROWS_AS(pass.place(0, 1), UsageError);  // not asked for
      CHECK_THROWS_AS(pass.place(1, 0), UsageError);
      CHECK(rows.rows == 1);
    }
    int called = 0;
  } handler;
  CHECK_THROWS_AS(engine::run_passes(four.model, std::span<const PassWork>(&other, 1), handler),
                  UsageError);
  CHECK(handler.called == 0);
  work.add(parse_plan("0..3"), four.model.layers());
  engine::run_passes(four.model, std::span<const PassWork>(&work, 1), handler);
  CHECK(handler.called == 1);
}
