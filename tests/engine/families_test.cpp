// Scores of models of every family: sharing and packing make no difference.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <painters/engine/logits.hpp>
#include <painters/engine/scorer.hpp>
#include <painters/models/causal_lm.hpp>
#include <painters/plan/parse.hpp>

#include "support/backends.hpp"
#include "support/catch.hpp"
#include "support/family_shapes.hpp"
#include "support/random_causal_lm.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;
using engine::Score;
using engine::Scorer;
using engine::TokenRequest;
using support::Random;

namespace {

text::Tokens some_tokens(std::size_t n, Random& random) {
  text::Tokens tokens(n);
  for (auto& token : tokens) token = static_cast<text::TokenId>(random.between(0, 59));
  return tokens;
}

/// Contexts with common beginnings, each with several continuations, shorter and longer than
/// windows.
std::vector<TokenRequest> some_requests() {
  Random random(3);
  const text::Tokens beginning = some_tokens(9, random);
  std::vector<TokenRequest> requests;
  for (const std::size_t more : {1, 2, 7, 20}) {
    text::Tokens context = beginning;
    const text::Tokens rest = some_tokens(more, random);
    context.insert(context.end(), rest.begin(), rest.end());
    for (const std::size_t length : {1, 4, 6})
      requests.push_back({context, some_tokens(length, random)});
  }
  requests.push_back({some_tokens(2, random), some_tokens(3, random)});
  return requests;
}

/// The sum of log-softmax by the model's definition.
double loglikelihood(const support::RandomCausalLm& model, const Plan& plan,
                     const TokenRequest& request) {
  text::Tokens all = request.context;
  all.insert(all.end(), request.continuation.begin(), request.continuation.end());
  const support::Doubles logits = model.logits(plan, all);
  double sum = 0;
  for (std::size_t t = request.context.size(); t < all.size(); ++t)
    sum += support::log_probability(logits.row(t - 1), static_cast<std::size_t>(all[t]));
  return sum;
}

}  // namespace

TEMPLATE_TEST_CASE("packed requests that share beginnings score as each alone, windows or not",
                   "[engine][families]", PAINTERS_TEST_BACKENDS) {
  const support::TemporaryFolder folder;
  TestType backend;
  const std::vector<TokenRequest> requests = some_requests();
  const Plan plan = parse_plan("0, mean(1, 2) x2, 1");
  for (const support::CausalLmShape& shape : support::all_families()) {
    const support::RandomCausalLm random(shape, 5);
    const support::HuggingFaceParts parts = random.hugging_face();
    CAPTURE(parts.config.dump());
    parts.write(folder.path() / "model");
    const models::CausalLm<TestType> model(folder.path() / "model", backend);
    const Scorer alone(model, {.tokens_per_pass = 1});
    const auto packed = Scorer(model).score(plan, requests);
    const auto unshared =
        Scorer(model, {.sharing = engine::Sharing::equal_texts}).score(plan, requests);
    double most = 0;
    for (std::size_t i = 0; i < requests.size(); ++i) {
      const double exact = loglikelihood(random, plan, requests[i]);
      const Score by_itself = alone.score(plan, std::span(&requests[i], 1))[0];
      for (const Score& score : {packed[i], unshared[i], by_itself})
        most = std::max(most, std::abs(score.loglikelihood - exact));
      CHECK(packed[i].is_greedy == by_itself.is_greedy);
    }
    CHECK(most < 1e-4);
  }
}
