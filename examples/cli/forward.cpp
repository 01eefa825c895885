// painters forward: one text through a plan, its logits and states as arrays for other programs.
#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <iostream>
#include <memory>
#include <numeric>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <painters/error.hpp>
#include <painters/plan/print.hpp>
#include <painters/plan/queries.hpp>
#include <painters/plan/sequence.hpp>
#include <painters/tensor/npy.hpp>

#include "commands.hpp"
#include "common.hpp"
#include "session.hpp"

namespace painters::cli {

namespace {

struct Options {
  std::string model;
  std::string plan;
  std::string tokens;
  std::string logits;
  std::string states;
  SessionOptions session;
  bool json = false;
};

/// The most likely next tokens after the last position, the best first.
std::vector<std::size_t> best(tensor::ConstMatrix logits, std::size_t count) {
  const float* row = logits.row(logits.rows - 1);
  std::vector<std::size_t> ids(logits.cols);
  std::iota(ids.begin(), ids.end(), std::size_t{0});
  count = std::min(count, ids.size());
  std::partial_sort(
      ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(count), ids.end(),
      [&](std::size_t a, std::size_t b) { return row[a] != row[b] ? row[a] > row[b] : a < b; });
  ids.resize(count);
  return ids;
}

/// "1,2,3". Throws UsageError for anything else.
std::vector<text::TokenId> parse_tokens(const std::string& text) {
  std::vector<text::TokenId> tokens;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (true) {
    text::TokenId id = 0;
    const auto [behind, error] = std::from_chars(at, end, id);
    if (error != std::errc() || (behind != end && *behind != ','))
      throw UsageError("expected --tokens to be numbers separated by commas, found \"" + text +
                       "\"");
    tokens.push_back(id);
    if (behind == end) return tokens;
    at = behind + 1;
  }
}

void run(Options options) {
  const std::vector<text::TokenId> tokens = parse_tokens(options.tokens);
  Session session(model_path(options.model), options.session);
  if (options.plan.empty()) options.plan = to_string(Sequence{session.layers()});
  const NamedPlan plan = parse_plans({{options.plan}, {}}, session.layers()).front();

  std::vector<float> states;
  std::size_t hidden_size = 0;
  const tensor::Buffer logits = session.forward(plan.plan, tokens, [&](tensor::ConstMatrix state) {
    hidden_size = state.cols;
    if (options.states.empty()) return;
    for (std::size_t r = 0; r < state.rows; ++r)
      states.insert(states.end(), state.row(r), state.row(r) + state.cols);
  });
  const std::array logits_shape{logits.rows(), logits.cols()};
  const std::array<std::size_t, 3> states_shape{steps(plan.plan) + 1, logits.rows(), hidden_size};
  if (!options.logits.empty()) tensor::write_npy(options.logits, logits_shape, logits.data());
  if (!options.states.empty()) tensor::write_npy(options.states, states_shape, states.data());

  const auto ids = best(logits.view(), 5);
  const float* row = logits.view().row(logits.rows() - 1);
  if (options.json) {
    nlohmann::ordered_json json{
        {"plan", plan.text}, {"logits_shape", logits_shape}, {"states_shape", states_shape}};
    for (const std::size_t id : ids) json["best"].push_back({{"id", id}, {"logit", row[id]}});
    std::cout << json.dump(2) << '\n';
    return;
  }
  fmt::print("logits {}, states {} under {}\n", logits_shape, states_shape, plan.text);
  fmt::print("after the last token come, by logit:");
  for (const std::size_t id : ids) fmt::print("  {} ({:.3f})", id, row[id]);
  fmt::print("\n");
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
  command->add_option("--logits", options->logits, "Write f32 [tokens, vocab_size] to this file");
  command->add_option("--states", options->states,
                      "Write f32 [steps + 1, tokens, hidden_size] to this file: before the first "
                      "step and after each, a step being a top-level element with loops unrolled");
  add_window_option(*command, options->session);
  add_threads_option(*command);
  add_format_option(*command, options->json);
  command->footer(
      "Example:\n"
      "  painters forward --tokens 504,3575,282,4649,314 --logits logits.npy --states states.npy");
  command->callback([options] { run(*options); });
}

}  // namespace painters::cli
