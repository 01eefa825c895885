// painters forward: one text through a plan, its logits and states as arrays for other programs.
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <painters/engine/top_logits.hpp>
#include <painters/error.hpp>
#include <painters/front/loaded_model.hpp>
#include <painters/front/open_model.hpp>
#include <painters/plan/print.hpp>
#include <painters/plan/queries.hpp>
#include <painters/plan/sequence.hpp>
#include <painters/tensor/npy.hpp>

#include "commands.hpp"
#include "common.hpp"

namespace painters::cli {

namespace {

struct Options {
  std::string model;
  std::string plan;
  std::string tokens;
  std::optional<std::string> token_types;
  std::string logits;
  std::string states;
  ModelOptions model_options;
  bool json = false;
};

/// "1,2,3". Throws UsageError for anything else.
std::vector<std::int32_t> parse_numbers(const char* option, const std::string& text) {
  std::vector<std::int32_t> numbers;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (true) {
    std::int32_t number = 0;
    const auto [behind, error] = std::from_chars(at, end, number);
    if (error != std::errc() || (behind != end && *behind != ','))
      throw UsageError("expected " + std::string(option) +
                       " to be numbers separated by commas, found \"" + text + "\"");
    numbers.push_back(number);
    if (behind == end) return numbers;
    at = behind + 1;
  }
}

/// The heading of the best columns of the logits; null where there is nothing to choose.
const char* heading(front::LogitsKind kind) {
  switch (kind) {
    case front::LogitsKind::next_token:
      return "likeliest after the last token, by logit:";
    case front::LogitsKind::masked_token:
      return "likeliest in place of the last token, by logit:";
    case front::LogitsKind::classes:
      return "classes of the text, by logit:";
    case front::LogitsKind::values:
      return "values of the text:";
    case front::LogitsKind::pooled:
    case front::LogitsKind::none:
      break;
  }
  return nullptr;
}

void run(Options options) {
  const std::vector<text::TokenId> tokens = parse_numbers("--tokens", options.tokens);
  std::vector<int> token_types;
  if (options.token_types) token_types = parse_numbers("--token-types", *options.token_types);
  const auto model = front::open_model(model_path(options.model), options.model_options);
  const front::LogitsKind kind = model->logits_kind();
  if (kind == front::LogitsKind::none && !options.logits.empty())
    throw Error(
        "expected a model with a head or a pooler for --logits, found an encoder alone in " +
        options.model + "; --states writes its states");
  if (options.plan.empty()) options.plan = to_string(Sequence{model->sizes().num_hidden_layers});
  const NamedPlan plan =
      parse_plans({{options.plan}, {}}, model->sizes().num_hidden_layers).front();

  std::vector<float> states;
  std::size_t hidden_size = 0;
  const tensor::Buffer logits =
      model->logits(plan.plan, tokens, token_types, [&](tensor::ConstMatrix state) {
        hidden_size = state.cols;
        if (options.states.empty()) return;
        for (std::size_t r = 0; r < state.rows; ++r)
          states.insert(states.end(), state.row(r), state.row(r) + state.cols);
      });
  const std::array logits_shape{logits.rows(), logits.cols()};
  const std::array<std::size_t, 3> states_shape{steps(plan.plan) + 1, tokens.size(), hidden_size};
  if (!options.logits.empty()) tensor::write_npy(options.logits, logits_shape, logits.data());
  if (!options.states.empty()) tensor::write_npy(options.states, states_shape, states.data());

  const char* const meaning = heading(kind);
  const std::span<const float> last =
      meaning ? std::span(logits.view().row(logits.rows() - 1), logits.cols())
              : std::span<const float>();
  const auto ids = engine::top_logits(last, 5);
  if (options.json) {
    nlohmann::ordered_json json{
        {"plan", plan.text}, {"logits_shape", logits_shape}, {"states_shape", states_shape}};
    for (const std::size_t id : ids) json["best"].push_back({{"id", id}, {"logit", last[id]}});
    std::cout << json.dump(2) << '\n';
    return;
  }
  fmt::print("logits {}, states {} under {}\n", logits_shape, states_shape, plan.text);
  if (meaning) {
    fmt::print("{}", meaning);
    for (const std::size_t id : ids) fmt::print("  {} ({:.3f})", id, last[id]);
    fmt::print("\n");
  }
  std::fflush(stdout);
}

}  // namespace

void add_forward(CLI::App& program) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand(
      "forward", "Logits and states of one text under a plan, as .npy arrays");
  add_model_option(*command, options->model);
  command->add_option("--plan", options->plan,
                      "An order of layers such as \"0..12, mean(13..19) x3, 20..29\" (default: the "
                      "model as it is)");
  command->add_option("--tokens", options->tokens, "Token ids, separated by commas")->required();
  command->add_option("--token-types", options->token_types,
                      "For BERT: the type of each token, such as 0,0,0,1,1 (default: all 0)");
  command->add_option(
      "--logits", options->logits,
      "Write f32 [tokens, vocab_size] to this file; for a BERT with a classifier or "
      "regression head [1, classes], with a pooler alone its output, "
      "[1, hidden_size]");
  command->add_option("--states", options->states,
                      "Write f32 [steps + 1, tokens, hidden_size] to this file: before the first "
                      "step and after each, a step being a top-level element with loops unrolled");
  add_backend_options(*command, options->model_options.backend);
  add_weights_memory_option(*command, options->model_options.weights_memory);
  add_window_option(*command, options->model_options);
  add_threads_option(*command);
  add_format_option(*command, options->json);
  command->footer(
      "Example:\n"
      "  painters forward --tokens 504,3575,282,4649,314 --logits logits.npy --states states.npy");
  command->callback([options] { run(*options); });
}

}  // namespace painters::cli
