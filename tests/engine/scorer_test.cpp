#include <painters/engine/scorer.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include <painters/engine/forward.hpp>
#include <painters/models/llama.hpp>
#include <painters/plan/parse.hpp>

#include "support/backends.hpp"
#include "support/catch.hpp"
#include "support/random_llama.hpp"
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

const support::RandomLlama& random_model() {
  static const support::RandomLlama one({{32, 40, {4, 2, 8}}, 4, 60, 64});
  return one;
}

template <class B>
struct Fixture {
  support::TemporaryFolder folder;
  B backend;
  models::Llama<B> model;

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
          engine::forward(f.model, plan, input_of(request), [](tensor::ConstMatrix) {}).view());
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
                                 [&](std::size_t, std::size_t) { ++calls; }),
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
  const std::vector<PlanView> views(all.begin(), all.end());
  for (const std::size_t tokens_per_pass : {1, 60, 4096}) {
    const Scorer scorer(f.model, {.tokens_per_pass = tokens_per_pass});
    std::vector<std::vector<Score>> found(views.size(), std::vector<Score>(requests.size()));
    std::vector<std::vector<int>> given(views.size(), std::vector<int>(requests.size()));
    scorer.score(views, requests,
                 [&](std::size_t plan, std::size_t first, std::span<const Score> scores) {
                   for (std::size_t i = 0; i < scores.size(); ++i) {
                     found.at(plan).at(first + i) = scores[i];
                     ++given[plan][first + i];
                   }
                 });
    for (std::size_t p = 0; p < views.size(); ++p) {
      CAPTURE(tokens_per_pass, p);
      CHECK(given[p] == std::vector<int>(requests.size(), 1));
      const auto alone = scorer.score(views[p], requests);
      std::size_t different = 0;
      for (std::size_t i = 0; i < requests.size(); ++i) different += !same(found[p][i], alone[i]);
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
  const auto scores = scorer.score(plan, requests, [&](std::size_t done, std::size_t total) {
    CHECK(total == 3 * 6);
    told.push_back(done);
  });
  CHECK(told == expected);

  struct Stop : std::runtime_error {
    using std::runtime_error::runtime_error;
  };
  std::size_t calls = 0;
  CHECK_THROWS_AS(scorer.score(plan, requests,
                               [&](std::size_t done, std::size_t) {
                                 ++calls;
                                 if (done == 8) throw Stop("enough");
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
    Scorer(f.model, options).score(parse_plan("0"), requests, [&](std::size_t, std::size_t total) {
      calls = total;
    });
    return calls;
  };
  // 32 tokens read by the model for each, but only 2 of its own after the first.
  CHECK(passes({.tokens_per_pass = 50}) == 1);
  CHECK(passes({.tokens_per_pass = 49}) == 2);
  CHECK(passes({.tokens_per_pass = 1}) == 10);
  CHECK(passes({.memory = 1}) == 10);
  CHECK(passes({.memory = 1u << 30}) == 1);
}
