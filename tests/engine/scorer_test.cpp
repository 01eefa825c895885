#include <painters/engine/scorer.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include <painters/engine/logits.hpp>
#include <painters/models/causal_lm.hpp>
#include <painters/plan/parse.hpp>

#include "support/backends.hpp"
#include "support/catch.hpp"
#include "support/random_causal_lm.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;
using engine::Score;
using engine::Scorer;
using engine::TokenRequest;
using support::Doubles;
using support::Random;
using text::Tokens;

namespace {

constexpr const char* plans[] = {"0..3",
                                 "none",
                                 "0, 2",
                                 "3..0",
                                 "0, mean(1..2) x3, 3",
                                 "0 x2, sum(1 * 0.5, 2), 3.ffn, 3.attention"};

/// On a summed log-likelihood: what design and users rely on.
constexpr double tolerance = 1e-4;

const support::RandomCausalLm& random_model() {
  static const support::RandomCausalLm one({{32, 40, {4, 2, 8}}, 4, 60, 64});
  return one;
}

template <class B>
struct Fixture {
  support::TemporaryFolder folder;
  B backend;
  models::CausalLm<B> model;

  Fixture() : model(write(folder), backend) {}

  static std::filesystem::path write(const support::TemporaryFolder& folder) {
    random_model().gguf().write(folder.path() / "m.gguf");
    return folder.path() / "m.gguf";
  }
};

Tokens some_tokens(std::size_t n, Random& random) {
  Tokens tokens(n);
  for (auto& token : tokens) token = static_cast<text::TokenId>(random.between(0, 59));
  return tokens;
}

/// Questions with a few answers each, repeated requests, texts of their own, and some that are
/// longer than the model's context of 64 tokens.
std::vector<TokenRequest> some_requests(Random& random, std::size_t questions) {
  std::vector<TokenRequest> requests;
  for (std::size_t q = 0; q < questions; ++q) {
    const Tokens context = some_tokens(random.between(1, q % 5 == 4 ? 90 : 40), random);
    for (std::size_t answers = random.between(1, 4); answers > 0; --answers)
      requests.push_back({context, some_tokens(random.between(1, 6), random)});
    if (random.between(0, 3) == 0) requests.push_back(requests.back());
    if (random.between(0, 3) == 0) {  // the other way round: contexts differ, continuations do not
      TokenRequest other = requests.back();
      other.context.back() = static_cast<text::TokenId>(random.between(0, 59));
      requests.push_back(other);
    }
  }
  return requests;
}

bool same(const Score& a, const Score& b) {
  return std::abs(a.loglikelihood - b.loglikelihood) < tolerance && a.is_greedy == b.is_greedy &&
         a.tokens == b.tokens;
}

/// From the logits of the whole text, one request alone, in double precision.
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
  Fixture<TestType> f;
  const Scorer one_by_one(f.model, {.tokens_per_pass = 1});
  for (unsigned seed = 1; seed <= 10; ++seed) {
    Random random(seed);
    const std::vector<TokenRequest> requests = some_requests(random, random.between(1, 6));
    const char* text = plans[seed % std::size(plans)];
    const Plan plan = parse_plan(text);
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
      CAPTURE(seed, text, tokens_per_pass);
      CHECK(different == 0);
      std::shuffle(order.begin(), order.end(), random.engine());
    }
  }
}

TEMPLATE_TEST_CASE("scores are the sums of log-softmax, in double precision", "[engine][scorer]",
                   PAINTERS_TEST_BACKENDS) {
  Fixture<TestType> f;
  Random random(1);
  std::vector<TokenRequest> requests = some_requests(random, 10);
  for (const char* text : plans) {
    const Plan plan = parse_plan(text);
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
      CAPTURE(text, i);
      CHECK(same(scores[i], from_logits(logits(requests[i]), requests[i].continuation)));
      const Doubles exact = random_model().logits(plan, input_of(requests[i]));
      CHECK(scores[i].loglikelihood ==
            Approx(from_logits(exact, requests[i].continuation).loglikelihood).margin(tolerance));
      greedy += scores[i].is_greedy;
    }
    CHECK(greedy >= requests.size() / 3);
    CHECK(greedy < requests.size());
  }
}

TEMPLATE_TEST_CASE("a text that is too long scores as one that was cut at its beginning",
                   "[engine][scorer]", PAINTERS_TEST_BACKENDS) {
  Fixture<TestType> f;
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
      const Doubles exact = random_model().logits(plan, input_of(request));
      CHECK(exact.rows <= 64);
      CHECK(scores[0].loglikelihood ==
            Approx(from_logits(exact, request.continuation).loglikelihood).epsilon(1e-6));
      CHECK(scores[0].tokens == continuation);
    }
}

TEMPLATE_TEST_CASE("requests that cannot be scored are refused before anything runs",
                   "[engine][scorer]", PAINTERS_TEST_BACKENDS) {
  Fixture<TestType> f;
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
  Fixture<TestType> f;
  Random random(6);
  const std::vector<TokenRequest> requests = some_requests(random, 6);
  std::vector<Plan> all;
  for (const char* text : plans) all.push_back(parse_plan(text));
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

TEMPLATE_TEST_CASE("progress is told before every call of a layer, and can end the work",
                   "[engine][scorer]", PAINTERS_TEST_BACKENDS) {
  Fixture<TestType> f;
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
  const auto again = scorer.score(plan, requests);  // what was interrupted can be done again
  for (std::size_t i = 0; i < requests.size(); ++i) CHECK(same(again[i], scores[i]));
}

TEST_CASE("a common beginning takes its room in a pass once", "[engine][scorer]") {
  Fixture<backend::Reference> f;
  Random random(5);
  const Tokens question = some_tokens(30, random);
  std::vector<TokenRequest> requests;
  for (int i = 0; i < 10; ++i) requests.push_back({question, {i, 1, 2}});
  const auto passes = [&](const engine::ScorerOptions& options) {
    std::size_t calls = 0;
    Scorer(f.model, options)
        .score(parse_plan("0"), requests,
               [&](const engine::SweepProgress& progress) { calls = progress.total; });
    return calls;
  };
  // 32 tokens read by the model for each, but only 2 of its own after the first.
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
                   "[engine][scorer][spill]", PAINTERS_TEST_BACKENDS) {
  Fixture<TestType> f;
  Random random(7);
  std::vector<TokenRequest> requests;
  for (int i = 0; i < 5; ++i) requests.push_back({some_tokens(60, random), {1, 2, 3}});
  std::vector<Plan> all;
  for (const char* text :
       {"0..3", "0, mean(1..2) x3, 3", "0, 1, mean((1, 2), 3, none), 2", "0, 2", "3..0",
        "mean(0, mean(1, mean(2, 3)))", "0, mean(1..2), 3", "sum(0 * 0.5, 1), 2", "none"})
    all.push_back(parse_plan(text));
  const auto scores = [&](const engine::ScorerOptions& options) {
    return Scorer(f.model, options).score(all, requests);
  };
  const auto plenty = scores({});
  ApplicationGraph graph;
  std::vector<ApplicationGraph::StateId> ends;
  for (const Plan& plan : all) ends.push_back(graph.add(plan));
  const engine::SweepOrder order(graph, ends);
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

TEST_CASE("only what batches name is scored", "[engine][scorer][batches]") {
  Fixture<backend::Reference> f;
  Random random(8);
  const std::vector<TokenRequest> requests = some_requests(random, 5);
  std::vector<Plan> all;
  for (const char* text : plans) all.push_back(parse_plan(text));
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

TEST_CASE("what plans and texts have in common is what sharing saves", "[engine][scorer]") {
  Fixture<backend::Reference> f;
  Random random(9);
  const Tokens question = some_tokens(30, random);
  std::vector<TokenRequest> requests;
  for (int i = 0; i < 10; ++i) requests.push_back({question, {i, 1, 2}});
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
                   "[engine][scorer]", PAINTERS_TEST_BACKENDS) {
  Fixture<TestType> f;
  for (unsigned seed = 1; seed <= 5; ++seed) {
    Random random(seed);
    const std::vector<TokenRequest> requests = some_requests(random, 6);
    for (const char* text : plans) {
      const Plan plan = parse_plan(text);
      const auto shared = Scorer(f.model).score(plan, requests);
      const auto alone = Scorer(f.model, {.shares_beginnings = false}).score(plan, requests);
      std::size_t different = 0;
      for (std::size_t i = 0; i < requests.size(); ++i) different += !same(shared[i], alone[i]);
      CAPTURE(seed, text);
      CHECK(different == 0);
    }
  }
}
