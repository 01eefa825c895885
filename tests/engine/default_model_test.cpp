// The default model against transformers: log-likelihoods under many plans, states, choices.
#include <painters/models/causal_lm.hpp>

#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <painters/engine/logits.hpp>
#include <painters/engine/scorer.hpp>

#include "support/backends.hpp"
#include "support/catch.hpp"
#include "support/data.hpp"
#include "support/golden_plan.hpp"

using namespace painters;
using engine::Score;
using engine::TokenRequest;
using support::FastBackend;
using text::Tokens;

namespace {

// On a summed log-likelihood; f32 differs from double precision by up to 1.2e-4.
constexpr double tolerance = 1e-3;

/// A slow backend does a smaller part of the work.
constexpr bool is_fast = !std::is_same_v<FastBackend, backend::Reference>;

bool skipped() {
  return support::skipped_without_data() || support::skipped_without_default_model();
}

struct DefaultModel {
  FastBackend backend;
  models::CausalLm<FastBackend> model{support::default_model(), backend};
  engine::Scorer<models::CausalLm<FastBackend>> scorer{model};
};

std::vector<Plan> plans_of(const nlohmann::json& golden) {
  std::vector<Plan> plans;
  for (const nlohmann::json& plan : golden["plans"])
    plans.push_back(support::golden_plan(plan["plan"]));
  return plans;
}

void check_score(const Score& score, double loglikelihood, bool is_greedy) {
  CHECK(score.loglikelihood == Approx(loglikelihood).margin(tolerance).epsilon(0));
  CHECK(score.is_greedy == is_greedy);
}

}  // namespace

TEST_CASE("passages of LAMBADA have transformers' log-likelihoods under every plan",
          "[engine][default_model][data][slow]") {
  if (skipped()) return;
  const nlohmann::json golden = support::read_data("golden/gen/smollm2_lambada.json");
  const DefaultModel model;
  std::vector<TokenRequest> requests;
  for (const nlohmann::json& document : golden["documents"])
    requests.push_back({document["context"].get<Tokens>(), document["target"].get<Tokens>()});
  REQUIRE(requests.size() == 24);

  const auto check = [&](std::size_t plans, std::size_t documents) {
    std::vector<Plan> some = plans_of(golden);
    some.resize(plans);
    const auto scores = model.scorer.score(some, std::span(requests).first(documents));
    for (std::size_t p = 0; p < plans; ++p)
      for (std::size_t d = 0; d < documents; ++d) {
        const nlohmann::json& plan = golden["plans"][p];
        CAPTURE(plan["name"].get<std::string>(), d);
        check_score(scores(p, d), plan["ll"][d].get<double>(), plan["is_greedy"][d].get<bool>());
        CHECK(scores(p, d).tokens == requests[d].continuation.size());
      }
  };
  check(golden["plans"].size(), is_fast ? 4 : 1);
  if (is_fast) check(1, 24);
}

TEST_CASE("states of the default model have transformers' lengths",
          "[engine][default_model][data][slow]") {
  if (skipped()) return;
  const nlohmann::json golden = support::read_data("golden/gen/smollm2_lambada.json");
  const nlohmann::json& expected = golden["states"];
  const nlohmann::json& document = golden["documents"][expected["document"].get<std::size_t>()];
  Tokens tokens = document["context"].get<Tokens>();
  const Tokens target = document["target"].get<Tokens>();
  tokens.insert(tokens.end(), target.begin(), target.end() - 1);
  const DefaultModel model;
  std::size_t state = 0;
  const auto length = [](const float* row, std::size_t n) {
    double squares = 0;
    for (std::size_t c = 0; c < n; ++c) squares += static_cast<double>(row[c]) * row[c];
    return std::sqrt(squares);
  };
  std::vector<float> last_row;
  engine::logits(model.model, Sequence<30>{}, tokens, [&](tensor::ConstMatrix x) {
    CAPTURE(state);
    CHECK(length(x.row(0), x.cols) ==
          Approx(expected["l2_norm_first_position"].at(state).get<double>()).epsilon(1e-4));
    CHECK(length(x.row(x.rows - 1), x.cols) ==
          Approx(expected["l2_norm_last_position"].at(state).get<double>()).epsilon(1e-4));
    last_row.assign(x.row(x.rows - 1), x.row(x.rows - 1) + x.cols);
    ++state;
  });
  CHECK(state == 31);
  for (std::size_t c = 0; c < 8; ++c)
    CHECK(last_row[c] ==
          Approx(expected["final_state_last_position_first8"].at(c).get<double>()).margin(1e-3));
}

TEST_CASE("answer choices have transformers' log-likelihoods, the question computed once",
          "[engine][default_model][data][slow]") {
  if (skipped()) return;
  const nlohmann::json golden = support::read_data("golden/gen/smollm2_multiple_choice.json");
  const std::vector<Plan> plans = plans_of(golden);
  const DefaultModel model;
  struct Expected {
    const nlohmann::json* document;
    std::size_t choice;
  };
  std::vector<Expected> expected;
  std::vector<TokenRequest> requests;
  for (const auto& [task, documents] : golden["tasks"].items())
    for (std::size_t d = 0; d < (is_fast ? 4 : 1); ++d)
      for (std::size_t c = 0; c < documents[d]["requests"].size(); ++c) {
        requests.push_back({documents[d]["context"][c].get<Tokens>(),
                            documents[d]["continuation"][c].get<Tokens>()});
        expected.push_back({&documents[d], c});
      }
  const auto scores = model.scorer.score(plans, requests);
  for (std::size_t p = 0; p < plans.size(); ++p)
    for (std::size_t i = 0; i < requests.size(); ++i) {
      const auto name = golden["plans"][p]["name"].get<std::string>();
      const auto& [document, choice] = expected[i];
      CAPTURE(name, i);
      check_score(scores(p, i), (*document)["ll"][name][choice].get<double>(),
                  (*document)["is_greedy"][name][choice].get<bool>());
    }
}
