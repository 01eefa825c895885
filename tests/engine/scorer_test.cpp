#include <painters/engine/scorer.hpp>

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include <painters/engine/logits.hpp>
#include <painters/error.hpp>
#include <painters/plan/parse.hpp>

#include "engine/model_of_four_layers.hpp"
#include "support/backends.hpp"
#include "support/catch.hpp"

using namespace painters;
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

namespace {

const std::vector<Plan> plans = support::plans_of_four_layers();

/// The score that the logits of a whole text give, one request alone, in double precision.
Score from_logits(const Doubles& logits, const Tokens& continuation) {
  Score score{0, true, continuation.size()};
  for (std::size_t t = 0; t < continuation.size(); ++t) {
    const auto row = logits.row(logits.rows - continuation.size() + t);
    const auto target = static_cast<std::size_t>(continuation[t]);
    score.loglikelihood += support::log_probability(row, target);
    score.is_greedy = score.is_greedy && support::argmax(row) == target;
  }
  return score;
}

Tokens input_of(const TokenRequest& request, std::size_t most = 64) {
  Tokens all = request.context;
  all.insert(all.end(), request.continuation.begin(), request.continuation.end());
  all.pop_back();
  return all.size() > most ? Tokens(all.end() - static_cast<std::ptrdiff_t>(most), all.end()) : all;
}

}  // namespace

TEMPLATE_TEST_CASE("a score does not depend on what else was in the pass", "[engine][scorer]",
                   PAINTERS_TEST_BACKENDS) {
  ModelOfFourLayers<TestType> f;
  const Scorer one_by_one(f.model, {.tokens_per_pass = 1});
  for (unsigned seed = 1; seed <= 10; ++seed) {
    Random random(seed);
    const std::vector<TokenRequest> requests = some_requests(random, random.between(1, 6));
    const Plan plan = plans[seed % plans.size()];
    std::vector<Score> alone;
    for (const TokenRequest& request : requests)
      alone.push_back(one_by_one.score(plan, std::span(&request, 1))[0]);

    std::vector<std::size_t> order(requests.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (const std::size_t tokens_per_pass :
         {std::size_t{30}, random.between(50, 300), std::size_t{4096}}) {
      std::vector<TokenRequest> shuffled;
      for (const std::size_t i : order) shuffled.push_back(requests[i]);
      const auto scores =
          Scorer(f.model, {.tokens_per_pass = tokens_per_pass}).score(plan, shuffled);
      REQUIRE(scores.size() == requests.size());
      std::size_t different = 0;
      for (std::size_t i = 0; i < order.size(); ++i) different += !same(scores[i], alone[order[i]]);
      CAPTURE(seed, plan, tokens_per_pass);
      CHECK(different == 0);
      std::shuffle(order.begin(), order.end(), random.engine());
    }
  }
}

TEMPLATE_TEST_CASE("scores are the sums of log-softmax, in double precision", "[engine][scorer]",
                   PAINTERS_TEST_BACKENDS) {
  ModelOfFourLayers<TestType> f;
  Random random(1);
  std::vector<TokenRequest> requests = some_requests(random, 10);
  for (const Plan& plan : plans) {
    const auto logits = [&](const TokenRequest& request) {
      return Doubles(
          engine::logits(f.model, plan, input_of(request), [](tensor::ConstMatrix) {}).view());
    };
    // Every third request says what the model would: is_greedy is then true.
    for (std::size_t i = 0; i < requests.size(); i += 3)
      for (std::size_t t = 0; t < requests[i].continuation.size(); ++t) {
        TokenRequest begun = requests[i];
        begun.continuation.resize(t + 1);
        const Doubles all = logits(begun);
        requests[i].continuation[t] =
            static_cast<text::TokenId>(support::argmax(all.row(all.rows - 1)));
      }
    const auto scores = Scorer(f.model).score(plan, requests);
    std::size_t greedy = 0;
    for (std::size_t i = 0; i < requests.size(); ++i) {
      CAPTURE(plan, i);
      CHECK(same(scores[i], from_logits(logits(requests[i]), requests[i].continuation)));
      const Doubles exact = support::random_model().logits(plan, input_of(requests[i]));
      CHECK(scores[i].loglikelihood ==
            Approx(from_logits(exact, requests[i].continuation).loglikelihood).margin(1e-4));
      greedy += scores[i].is_greedy;
    }
    CHECK(greedy >= requests.size() / 3);
    CHECK(greedy < requests.size());
  }
}

TEMPLATE_TEST_CASE("a text that is too long scores as one that was cut at its beginning",
                   "[engine][scorer]", PAINTERS_TEST_BACKENDS) {
  ModelOfFourLayers<TestType> f;
  Random random(2);
  const Scorer scorer(f.model);
  const Plan plan = parse_plan("0..3");
  for (const std::size_t context : {60, 64, 65, 100, 500})
    for (const std::size_t continuation : {1, 2, 5, 63, 64}) {
      CAPTURE(context, continuation);
      const TokenRequest request{some_tokens(context, random), some_tokens(continuation, random)};
      TokenRequest cut = request;
      const std::size_t room = 64 - (continuation - 1);
      if (context > room)
        cut.context.erase(cut.context.begin(),
                          cut.context.end() - static_cast<std::ptrdiff_t>(room));
      const auto scores = scorer.score(plan, std::vector{request, cut});
      CHECK(same(scores[0], scores[1]));
      const Doubles exact = support::random_model().logits(plan, input_of(request));
      CHECK(exact.rows <= 64);
      CHECK(scores[0].loglikelihood ==
            Approx(from_logits(exact, request.continuation).loglikelihood).epsilon(1e-6));
      CHECK(scores[0].tokens == continuation);
    }
}

TEMPLATE_TEST_CASE("requests that cannot be scored are refused before anything runs",
                   "[engine][scorer]", PAINTERS_TEST_BACKENDS) {
  ModelOfFourLayers<TestType> f;
  Random random(3);
  const Scorer scorer(f.model);
  const TokenRequest good{{1, 2}, {3}};
  const auto refused = [&](const TokenRequest& request, const std::string& words) {
    CHECK_THROWS_WITH(scorer.check(request), Catch::Matchers::ContainsSubstring(words));
    std::size_t calls = 0;
    CHECK_THROWS_AS(scorer.score(parse_plan("0..3"), std::vector{good, request},
                                 [&](const engine::SweepProgress&) { ++calls; }),
                    Error);
    CHECK(calls == 0);
  };
  CHECK_NOTHROW(scorer.check(good));
  CHECK_NOTHROW(scorer.check({{1}, some_tokens(64, random)}));
  refused({{}, {1}}, "context of at least one token");
  refused({{1}, {}}, "continuation of at least one token");
  refused({{1}, some_tokens(65, random)}, "at most 64 tokens, the model's context, found 65");
  refused({{60}, {1}}, "0 to 59 for this model, found 60");
  refused({{1, 2}, {3, -1}}, "found -1");
  for (const char* plan : {"0..4", "mean(7)"})
    CHECK_THROWS_AS(scorer.score(parse_plan(plan), std::vector{good}), UsageError);
  CHECK(scorer.score(parse_plan("0..3"), std::span<const TokenRequest>()).empty());
}

TEMPLATE_TEST_CASE("many plans at once score as each of them alone", "[engine][scorer]",
                   PAINTERS_TEST_BACKENDS) {
  ModelOfFourLayers<TestType> f;
  Random random(6);
  const std::vector<TokenRequest> requests = some_requests(random, 6);
  std::vector<Plan> all = plans;
  for (const char* text :
       {"0..3", "0, mean(1..2)", "0, mean(1, 2) x2", "0, mean(2, 1) x3, 3", "mean(0, 0 * 2, none)",
        "sum(0, 1 * -1)", "0, 2, 1", "0, mean((1, 2), 2)", "3..1", "2.ffn, mean(1 * 3, 2)"})
    all.push_back(parse_plan(text));
  for (const std::size_t tokens_per_pass : {1, 60, 4096}) {
    const Scorer scorer(f.model, {.tokens_per_pass = tokens_per_pass});
    const engine::Scores found = scorer.score(all, requests);
    REQUIRE(found.plans() == all.size());
    REQUIRE(found.requests() == requests.size());
    for (std::size_t p = 0; p < all.size(); ++p) {
      CAPTURE(tokens_per_pass, p);
      const auto alone = scorer.score(all[p], requests);
      std::size_t different = 0;
      for (std::size_t i = 0; i < requests.size(); ++i) different += !same(found(p, i), alone[i]);
      CHECK(different == 0);
    }
  }
}

TEST_CASE("only what batches name is scored", "[engine][scorer][batches]") {
  ModelOfFourLayers<backend::Reference> f;
  Random random(8);
  const std::vector<TokenRequest> requests = some_requests(random, 5);
  std::vector<Plan> all = plans;
  const auto wanted = [](std::size_t plan, std::size_t request) {
    return request != 2 && (plan + request / 3) % 3 != 0;
  };
  const auto some = engine::batches(all.size(), requests.size(), wanted);
  CHECK(some.size() <= 3);
  std::vector<std::vector<int>> given(all.size(), std::vector<int>(requests.size()));
  const Scorer scorer(f.model);
  scorer.score(all, requests, some, [&](std::size_t plan, std::size_t request, const Score& s) {
    ++given[plan][request];
    CHECK(same(s, scorer.score(all[plan], std::span(&requests[request], 1))[0]));
  });
  for (std::size_t p = 0; p < all.size(); ++p)
    for (std::size_t r = 0; r < requests.size(); ++r) CHECK(given[p][r] == wanted(p, r));
}

TEST_CASE("batches of plans and requests that are not given are refused before anything runs",
          "[engine][scorer][batches]") {
  const ModelOfFourLayers<backend::Reference> four;
  const Scorer scorer(four.model);
  CHECK_THROWS_AS(scorer.input_of({{1, 2}, {}}), Error);
  const std::vector<Plan> one_plan{parse_plan("0..3")};
  const std::vector<TokenRequest> one_request{{{1, 2}, {3}}};
  for (const engine::Batch& batch : {engine::Batch{{1}, {0}}, engine::Batch{{0}, {1}}})
    CHECK_THROWS_AS(scorer.score(one_plan, one_request, std::span(&batch, 1),
                                 [](std::size_t, std::size_t, const Score&) { FAIL("scored"); }),
                    UsageError);
}
