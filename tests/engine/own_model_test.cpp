// A language model of a user's own, in a few lines, scored as any other.
#include <painters/models/concepts.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <painters/backend/token_likelihood.hpp>
#include <painters/engine/scorer.hpp>
#include <painters/error.hpp>
#include <painters/layers/hidden_states.hpp>
#include <painters/models/bert.hpp>
#include <painters/models/causal_lm.hpp>
#include <painters/pipeline/stack.hpp>
#include <painters/plan/parse.hpp>

#include "support/backends.hpp"
#include "support/catch.hpp"
#include "support/doubles.hpp"
#include "support/random.hpp"

using namespace painters;

namespace {

/// A layer that knows nothing of parts or rows.
struct Halve {
  template <class B>
  void operator()(layers::HiddenStates<B>& x) const {
    scale(x, 0.5);
  }
};

/// Logits are the products of a token's state with every embedding.
template <class B>
struct OwnModel {
  struct Config {
    std::size_t vocab_size = 11, hidden_size = 64, max_position_embeddings = 20;
  };
  using Backend = B;
  using State = layers::HiddenStates<B>;
  using Layers = Stack<Halve, 3>;
  static constexpr bool is_causal = true;

  Config config() const { return {}; }
  B& backend() const { return *b; }
  const Layers& layers() const { return net; }
  const OwnModel& head() const { return *this; }
  std::size_t bytes_per_row() const { return 0; }
  void check(std::span<const text::TokenId> tokens) const {
    for (const text::TokenId id : tokens)
      if (id < 0 || id >= 11) throw Error("expected ids below 11, found " + std::to_string(id));
  }
  State embed(std::span<const text::TokenId> tokens, const tensor::PackedBatch& batch) const {
    State x(*b, batch, 64);
    b->embed(table.weight, tokens, x.values());
    return x;
  }
  void logits(B& on, typename B::ConstMatrix hidden, typename B::Matrix logits) const {
    const auto weight = on.open(on.pack({table.weight}));
    on.for_row_blocks(
        hidden.rows, {&weight}, [&](std::size_t first, std::size_t count, auto& lane) {
          lane.product(hidden.middle_rows(first, count), weight, logits.middle_rows(first, count));
        });
  }
  std::vector<backend::TokenLikelihood> token_likelihoods(
      B& on, typename B::ConstMatrix hidden, std::span<const text::TokenId> targets) const {
    auto all = on.buffer(hidden.rows, 11);
    logits(on, hidden, all.view());
    auto likelihoods = on.likelihoods(targets);
    on.for_row_blocks(all.rows(), {}, [&](std::size_t first, std::size_t count, auto& lane) {
      lane.token_likelihoods(std::as_const(all).view().middle_rows(first, count), 0, likelihoods,
                             first);
    });
    return on.download(likelihoods);
  }

  B* b;
  const support::StoredWeight& table;
  Layers net = stack<3>([](std::size_t) { return Halve{}; });
};

}  // namespace

TEMPLATE_TEST_CASE("a model of the user's own is scored as any other", "[engine][own_model]",
                   PAINTERS_TEST_BACKENDS) {
  static_assert(models::LanguageModel<OwnModel<TestType>>);
  static_assert(models::LanguageModel<models::CausalLm<TestType>>);
  static_assert(models::Encoder<models::Bert<TestType>>);
  static_assert(!models::LanguageModel<models::Bert<TestType>>);
  support::Random random(1);
  const auto table = support::random_weight(tensor::ElementType::f32, 11, 64, random, 0, 0.3f);
  TestType backend;
  const OwnModel<TestType> model{&backend, table};
  const std::vector<engine::TokenRequest> requests{{{1, 2}, {3}}, {{1, 2}, {4, 5}}, {{7}, {0}}};
  const support::Doubles embeddings(table.values.view());
  const support::Doubles products = support::product(embeddings, embeddings);
  for (const auto& [plan, factor] : {std::pair{"0..2", 0.125}, {"none", 1.0}, {"mean(0, 1)", 0.5}})
    for (std::size_t i = 0; i < requests.size(); ++i) {
      CAPTURE(plan, i);
      double expected = 0;
      std::int32_t before = requests[i].context.back();
      for (const std::int32_t token : requests[i].continuation) {
        std::vector<double> logits;
        for (std::size_t t = 0; t < 11; ++t)
          logits.push_back(factor * products(static_cast<std::size_t>(before), t));
        expected += support::log_probability(logits, static_cast<std::size_t>(token));
        before = token;
      }
      const auto scores = engine::Scorer(model).score(parse_plan(plan), requests);
      CHECK(scores[i].loglikelihood == Approx(expected).margin(1e-5));
    }
}
