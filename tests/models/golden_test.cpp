// Small models against the outputs of independent implementations.
#include <painters/models/causal_lm.hpp>

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <painters/engine/logits.hpp>
#include <painters/tensor/npy.hpp>

#include "support/backends.hpp"
#include "support/catch.hpp"
#include "support/data.hpp"
#include "support/doubles.hpp"
#include "support/golden_plan.hpp"

using namespace painters;

namespace {

/// The largest difference in units of what is allowed: 1e-4, and 5e-4 where logits exceed 20.
double largest_error(const tensor::Buffer& logits, const float* expected) {
  double most = 0;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    const double value = static_cast<double>(expected[i]);
    const double allowed = std::abs(value) > 20 ? 5e-4 : 1e-4;
    const double error = std::abs(static_cast<double>(logits.data()[i]) - value) / allowed;
    most = error <= most ? most : std::isnan(error) ? 1e9 : error;
  }
  return most;
}

/// All sequences and plans of a golden folder; `files` names one of its sets of files.
template <class B>
void check_golden(const std::string& name, const std::string& files,
                  models::CausalLmOptions options = {}) {
  CAPTURE(name, files);
  const nlohmann::json golden = support::read_data(name + "/golden.json");
  B backend;
  const models::CausalLm<B> model(support::data_folder() / name, backend, options);
  std::size_t compared = 0;
  for (const nlohmann::json& file : golden["logits"]) {
    const auto file_name = file["file"].get<std::string>();
    if (file_name.find(files) == std::string::npos) continue;
    const auto tokens =
        golden["sequences"].at(file["sequence"].get<std::size_t>()).get<text::Tokens>();
    const tensor::NpyArray expected = tensor::read_npy(support::data_folder() / name / file_name);
    REQUIRE(expected.shape == std::vector<std::size_t>{golden["plans"].size(), tokens.size(),
                                                       model.config().vocab_size});
    for (std::size_t p = 0; p < golden["plans"].size(); ++p) {
      const nlohmann::json& plan = golden["plans"][p];
      CAPTURE(plan["name"].get<std::string>(), tokens.size());
      const tensor::Buffer logits = engine::logits(model, support::golden_plan(plan["plan"]),
                                                   tokens, [](tensor::ConstMatrix) {});
      CHECK(largest_error(logits, expected.values.data() + p * logits.size()) < 1);
      ++compared;
    }
  }
  CHECK(compared == 3 * 28);
}

}  // namespace

TEMPLATE_TEST_CASE("small models of each family give transformers' logits under 28 plans",
                   "[models][data]", PAINTERS_TEST_BACKENDS) {
  if (support::skipped_without_data()) return;
  const std::string tiny = "golden/gen/tiny/";
  check_golden<TestType>(tiny + "llama_12", "logits_seq");
  check_golden<TestType>(tiny + "gpt_neox_10_parallel_residual", "logits_seq");
  check_golden<TestType>(tiny + "mistral_8_window6", "keys6_");
  check_golden<TestType>(tiny + "mistral_8_window6", "nowindow_", {.ignores_sliding_window = true});
}

TEMPLATE_TEST_CASE("a trained model gives the log-probabilities of double precision",
                   "[models][data]", PAINTERS_TEST_BACKENDS) {
  if (support::skipped_without_data()) return;
  const nlohmann::json expected = support::read_data("models/stories260K/reference_float64.json");
  TestType backend;
  const models::CausalLm<TestType> model(support::data_folder() / "models/stories260K/hf", backend);
  const auto tokens = expected["ids"].get<text::Tokens>();
  const auto probabilities = expected["token_logprob"].get<std::vector<double>>();
  const auto last = expected["logits_last"].get<std::vector<double>>();
  REQUIRE(probabilities.size() + 1 == tokens.size());
  const tensor::Buffer logits =
      engine::logits(model, Sequence<5>{}, tokens, [](tensor::ConstMatrix) {});
  const support::Doubles exact(logits.view());
  double most = 0;
  for (std::size_t i = 0; i < probabilities.size(); ++i)
    most = std::max(most, std::abs(support::log_probability(
                                       exact.row(i), static_cast<std::size_t>(tokens[i + 1])) -
                                   probabilities[i]));
  CHECK(most < 1e-4);
  REQUIRE(last.size() == model.config().vocab_size);
  most = 0;
  for (std::size_t i = 0; i < last.size(); ++i)
    most = std::max(most, std::abs(exact(tokens.size() - 1, i) - last[i]));
  CHECK(most < 1e-4);
}
