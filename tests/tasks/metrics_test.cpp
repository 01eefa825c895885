#include <painters/tasks/metrics.hpp>
#include <painters/tasks/tasks.hpp>

#include <cmath>

#include "support/catch.hpp"

using namespace painters;

namespace {

tasks::Document choices(std::size_t gold, std::vector<std::size_t> lengths) {
  return {.index = 7,
          .requests = std::vector<engine::Request>(lengths.size()),
          .gold = gold,
          .choice_lengths = lengths};
}

std::vector<engine::Score> scores(std::vector<double> loglikelihoods) {
  std::vector<engine::Score> result;
  for (const double value : loglikelihoods) result.push_back({value, false, 1});
  return result;
}

}  // namespace

TEST_CASE("the likeliest choice wins, the first of equals, also per character",
          "[tasks][metrics]") {
  const auto document = choices(1, {2, 10, 3});
  const auto result = tasks::judge(tasks::hellaswag, document, scores({-4, -5, -4}));
  CHECK(result.index == 7);
  CHECK(result.gold == 1);
  CHECK(result.prediction == 0);
  CHECK_FALSE(result.correct);
  CHECK(result.correct_norm == true);
  CHECK(result.loglikelihood == -5);
  CHECK(result.loglikelihoods == std::vector<double>{-4, -5, -4});
  CHECK_FALSE(tasks::judge(tasks::hellaswag, choices(1, {2, 2, 9}), scores({-4, -4, -19})).correct);
  CHECK_FALSE(tasks::judge(tasks::winogrande, choices(0, {1, 1}), scores({-1, -2}))
                  .correct_norm.has_value());
  CHECK_THROWS_AS(tasks::judge(tasks::winogrande, document, scores({-1})), std::logic_error);
}

TEST_CASE("a target counts when it is what greedy decoding says", "[tasks][metrics]") {
  const auto document = choices(0, {3});
  const engine::Score greedy{.loglikelihood = -9, .is_greedy = true, .tokens = 2};
  const engine::Score other{.loglikelihood = -0.1, .is_greedy = false, .tokens = 2};
  CHECK(tasks::judge(tasks::lambada_openai, document, std::vector{greedy}).correct);
  CHECK_FALSE(tasks::judge(tasks::lambada_openai, document, std::vector{other}).correct);
}

TEST_CASE("metrics have the standard errors of the harness", "[tasks][metrics]") {
  std::vector<tasks::DocumentResult> results(5);
  for (std::size_t i = 0; i < 5; ++i) {
    results[i].correct = i < 2;
    results[i].correct_norm = i < 3;
    results[i].loglikelihood = -1.0 - static_cast<double>(i);
  }
  const auto lambada = tasks::summarize(tasks::lambada_openai, results);
  REQUIRE(lambada.size() == 2);
  CHECK(lambada[0].name == "perplexity");
  CHECK(lambada[0].value == Approx(std::exp(3.0)));
  CHECK(lambada[0].standard_error == Approx(std::exp(3.0) * std::sqrt(2.5 / 5)));
  CHECK_FALSE(lambada[0].higher_is_better);
  CHECK(lambada[1].name == "acc");
  CHECK(lambada[1].value == Approx(0.4));
  CHECK(lambada[1].standard_error == Approx(std::sqrt(0.3 / 5)));

  const auto hellaswag = tasks::summarize(tasks::hellaswag, results);
  REQUIRE(hellaswag.size() == 2);
  CHECK(hellaswag[1].name == "acc_norm");
  CHECK(hellaswag[1].value == Approx(0.6));
  CHECK(tasks::summarize(tasks::winogrande, results).size() == 1);

  const std::span<const tasks::DocumentResult> one(results.data(), 1);
  CHECK(tasks::summarize(tasks::winogrande, one)[0].value == 1);
  CHECK(std::isnan(tasks::summarize(tasks::winogrande, one)[0].standard_error));
}
