#include <painters/models/edited.hpp>

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <painters/engine/scorer.hpp>
#include <painters/layers/parts.hpp>
#include <painters/models/bert.hpp>
#include <painters/models/causal_lm.hpp>
#include <painters/pipeline/executor.hpp>
#include <painters/plan/parse.hpp>
#include <painters/tensor/packed_batch.hpp>

#include "support/backends.hpp"
#include "support/catch.hpp"
#include "support/doubles.hpp"
#include "support/message.hpp"
#include "support/random_causal_lm.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;
using support::Doubles;
using text::Tokens;

namespace {

const support::RandomCausalLm random_model({{32, 40, {4, 2, 8}}, 4, 50, 64});

/// Anything callable will do: no parts, no rows, no memory.
struct Double {
  template <class State>
  void operator()(State& x) const {
    scale(x, 2);
  }
};

template <class B, class Model>
Doubles states(const Model& model, PlanView plan, const Tokens& tokens) {
  auto x = model.embed(tokens, tensor::single_sequence(tokens.size()));
  run(plan, model.layers(), x);
  return Doubles(layers::on_host(x).view());
}

Doubles twice(Doubles x) {
  for (double& value : x.values) value *= 2;
  return x;
}

}  // namespace

TEMPLATE_TEST_CASE("a model with exchanged layers runs every plan over them", "[models][edited]",
                   PAINTERS_TEST_BACKENDS) {
  const support::TemporaryFolder folder;
  random_model.gguf().write(folder.path() / "m.gguf");
  TestType backend;
  const models::CausalLm<TestType> model(folder.path() / "m.gguf", backend);
  const auto edited = models::with_layer(models::with_layer(model, 2, Double()), 0, Double());
  static_assert(models::LanguageModel<models::Edited<models::CausalLm<TestType>>>);
  static_assert(models::Encoder<models::Edited<models::Bert<TestType>>>);
  const Tokens tokens{3, 7, 11, 2, 0};
  const Doubles start = random_model.embed(tokens);
  const Plan one = parse_plan("1"), three = parse_plan("3.ffn, 3");
  CHECK(support::distance(states<TestType>(edited, parse_plan("0, 1, 2, 3.ffn, 3"), tokens),
                          random_model.run(three, twice(random_model.run(one, twice(start))))) <
        1e-4);
  CHECK(support::distance(states<TestType>(model, one, tokens), random_model.run(one, start)) <
        1e-4);  // the model itself stays as it was
  CHECK(support::message([&] { states<TestType>(edited, parse_plan("2.ffn"), tokens); }) ==
        "the plan calls part 2 of layer 2, which has 0 parts: call the whole layer or a part that "
        "it has");

  // Scoring asks for some rows of last calls only; an exchanged layer is run for all.
  const std::vector<engine::TokenRequest> requests{{{1, 2, 3}, {4, 5}}, {{1, 2}, {6}}};
  const std::vector<Plan> plans{parse_plan("1, 2"), parse_plan("1, 2, 3")};
  const auto scores = engine::Scorer(edited).score(plans, requests);
  const auto logits = [&](const Tokens& read, std::size_t p) {
    Doubles x = twice(random_model.run(one, random_model.embed(read)));
    if (p == 1) x = random_model.run(parse_plan("3"), x);
    return random_model.unembed(x);
  };
  for (std::size_t p = 0; p < plans.size(); ++p) {
    const Doubles first = logits({1, 2, 3, 4}, p);
    CHECK(std::abs(scores(p, 0).loglikelihood - support::log_probability(first.row(2), 4) -
                   support::log_probability(first.row(3), 5)) < 1e-4);
    CHECK(std::abs(scores(p, 1).loglikelihood -
                   support::log_probability(logits({1, 2}, p).row(1), 6)) < 1e-4);
  }
}

TEMPLATE_TEST_CASE("a model with an exchanged part keeps the rest of the layer", "[models][edited]",
                   PAINTERS_TEST_BACKENDS) {
  const support::TemporaryFolder folder;
  random_model.gguf().write(folder.path() / "m.gguf");
  TestType backend;
  const models::CausalLm<TestType> model(folder.path() / "m.gguf", backend);
  const auto nothing = [&](typename TestType::ConstMatrix x, typename TestType::Matrix update) {
    backend.copy(x, update);
    backend.scale(update, 0);
  };
  const auto edited = models::with_part(model, 1, layers::ffn, nothing);
  const Tokens tokens{3, 7, 11, 2, 0};
  CHECK(support::distance(states<TestType>(edited, parse_plan("0..3"), tokens),
                          random_model.run(parse_plan("0, 1.attention, 2, 3"),
                                           random_model.embed(tokens))) < 1e-4);
  CHECK(support::message([&] { models::with_part(model, 4, layers::ffn, nothing); }) ==
        "expected a layer below 4, as many as the model has, found 4");
  CHECK(support::message([&] { models::with_layer(model, 7, Double()); }) ==
        "expected a layer below 4, as many as the model has, found 7");
  CHECK(support::message([&] { models::with_part(edited, 1, layers::attention, nothing); }) ==
        "expected a transformer block whose part is exchanged, but layer 1 is another layer: "
        "exchange the whole layer");
  CHECK(support::message([&] { models::with_part(model, 1, whole, nothing); }) ==
        "expected layers::attention or layers::ffn to be exchanged, found part 0");
}
