// painters plan: what a plan does and costs, and what several plans have in common.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <painters/error.hpp>
#include <painters/models/file_shape.hpp>
#include <painters/models/flops.hpp>
#include <painters/models/known_shapes.hpp>
#include <painters/models/model_file.hpp>
#include <painters/models/model_shape.hpp>
#include <painters/plan/print.hpp>
#include <painters/plan/queries.hpp>

#include "commands.hpp"
#include "common.hpp"
#include "model_depth.hpp"
#include "picture.hpp"
#include "plan_costs.hpp"
#include "plan_method.hpp"
#include "plan_summary.hpp"
#include "units.hpp"

namespace painters::cli {

namespace {

struct Options {
  PlanOptions plans;
  std::string model;
  std::size_t layers = 0;
  std::string shape;
  models::Workload work;
  bool has_work = false;  // whether the command line describes any
  bool lists_all = false;
  bool json = false;
};

constexpr std::uint64_t most_listed = 1'000'000;

/// More plans than these are summed up by their methods, to fit a screen.
constexpr std::size_t most_lines = 30;

std::vector<PlanView> steps_of(PlanView plan) {
  std::vector<PlanView> steps;
  for_each_step(plan, [&](PlanView step) { steps.push_back(step); });
  return steps;
}

/// The calls of the steps with which both plans begin: work that a sweep does once.
std::uint64_t calls_in_common(PlanView a, PlanView b) {
  const auto steps_a = steps_of(a);
  const auto steps_b = steps_of(b);
  std::uint64_t shared = 0;
  for (std::size_t i = 0; i < std::min(steps_a.size(), steps_b.size()) && steps_a[i] == steps_b[i];
       ++i)
    shared += calls(steps_a[i]);
  return shared;
}

std::vector<std::size_t> layers_left_out(PlanView plan, std::size_t layers) {
  const auto called = distinct_layers(plan);
  std::vector<std::size_t> left_out;
  for (std::size_t layer = 0; layer < layers; ++layer)
    if (!std::binary_search(called.begin(), called.end(), layer)) left_out.push_back(layer);
  return left_out;
}

double relative_cost(PlanView plan, std::size_t layers) {
  return static_cast<double>(calls(plan)) / static_cast<double>(layers);
}

/// "13, 14, 15": runs as ranges, as in a plan.
std::string list_text(const std::vector<std::size_t>& layers) {
  Plan plan;
  for (const std::size_t layer : layers)
    plan.append(Node{.value = static_cast<std::uint32_t>(layer)});
  return to_string(plan);
}

void explain(const NamedPlan& named, std::size_t layers, const PlanCosts* costs) {
  const PlanView plan = named.plan;
  const std::size_t called = distinct_layers(plan).size();
  fmt::print("plan    {}\n", to_string(plan));
  fmt::print("layers  {} of {} are called ({:.0f}%)", called, layers,
             100.0 * static_cast<double>(called) / static_cast<double>(layers));
  const auto left_out = layers_left_out(plan, layers);
  fmt::print("{}\n", left_out.empty() ? "" : ", left out: " + list_text(left_out));
  fmt::print("calls   {} in {} steps, {:.2f} times the model's own {}\n", calls(plan), steps(plan),
             relative_cost(plan, layers), layers);
  if (costs) {
    const Cost cost = costs->plan(plan);
    fmt::print("{}work    {}\ntime    {}\n{}", costs->basis(), flops_text(cost.flops),
               estimate_text(cost.seconds), costs->left_out());
  }
  fmt::print("\n{}", picture(plan));
}

nlohmann::json json_of(const NamedPlan& named, const NamedPlan& first, std::size_t layers,
                       const PlanCosts* costs) {
  const PlanView plan = named.plan;
  nlohmann::json order = nlohmann::json::array();
  std::size_t step_number = 0;
  for_each_step(plan, [&](PlanView step) {
    for_each_call(step, [&](const Node& call) {
      order.push_back({{"layer", call.value}, {"part", call.part}, {"step", step_number}});
    });
    ++step_number;
  });
  nlohmann::json json{{"plan", named.text},
                      {"canonical", to_string(plan)},
                      {"layers", layers},
                      {"calls", calls(plan)},
                      {"steps", steps(plan)},
                      {"distinct_layers", distinct_layers(plan)},
                      {"layers_left_out", layers_left_out(plan, layers)},
                      {"relative_cost", relative_cost(plan, layers)},
                      {"calls_in_common_with_first", calls_in_common(plan, first.plan)},
                      {"order", std::move(order)}};
  if (costs) {
    const Cost cost = costs->plan(plan);
    json["flops"] = cost.flops;
    json["seconds"] = cost.seconds;
  }
  return json;
}

void print_table(const std::vector<NamedPlan>& plans, std::size_t layers) {
  fmt::print("{:>6} {:>6} {:>7} {:>6} {:>7}  {}\n", "calls", "steps", "layers", "cost", "common",
             "plan");
  for (const NamedPlan& named : plans)
    fmt::print("{:>6} {:>6} {:>7} {:>6.2f} {:>7}  {}\n", calls(named.plan), steps(named.plan),
               distinct_layers(named.plan).size(), relative_cost(named.plan, layers),
               calls_in_common(named.plan, plans.front().plan), named.text);
  fmt::print(
      "\nlayers: how many different ones of {}; cost: calls relative to the model's own order;\n"
      "common: calls of the beginning that the plan shares with the first one\n",
      layers);
}

void print_json(const std::vector<NamedPlan>& plans, std::size_t layers, const PlanCosts* costs,
                const std::string& problem) {
  for (const NamedPlan& plan : plans)
    if (calls(plan.plan) > most_listed)
      throw UsageError(
          fmt::format("--format json lists at most {} calls of a plan, \"{}\" makes {}",
                      most_listed, plan.text, calls(plan.plan)));
  nlohmann::json explained = nlohmann::json::array();
  for (const NamedPlan& plan : plans)
    explained.push_back(json_of(plan, plans.front(), layers, costs));
  nlohmann::json json{{"plans", std::move(explained)}};
  if (costs) json.update(costs->json());
  if (!problem.empty()) json["problem"] = problem;
  json.update(summary_json(plans, costs));
  std::cout << json.dump(2) << '\n';
}

/// The model that plans are for.
struct Target {
  std::size_t layers = 0;
  std::string name = {};
  std::vector<models::ModelShape> shapes = {};  // of the layers; empty: without costs
  std::string problem = {};                     // why the model's file gives no costs
};

Target target_of(const Options& options) {
  if (options.layers > 0) return {.layers = options.layers};
  if (!options.shape.empty()) {
    const models::ModelShape& shape = models::known_shape(options.shape);
    return {.layers = shape.num_hidden_layers,
            .name = options.shape,
            .shapes = std::vector<models::ModelShape>(shape.num_hidden_layers, shape)};
  }
  const std::filesystem::path path = model_path(options.model);
  Target target{.layers = model_depth(path), .name = model_name(path)};
  try {
    target.shapes = models::layer_shapes(models::ModelFile::open(path));
  } catch (const Error& e) {  // plans can be compared all the same
    target.problem = e.what();
  }
  return target;
}

void run(const Options& options) {
  if (options.plans.texts.empty() && options.plans.lists.empty())
    throw UsageError("expected --plan or --plans, found neither; see painters plan --help");
  if (options.layers > 0 && options.has_work)
    throw UsageError(
        "expected --model-shape or --model with --tokens and --tokens-per-text, found --layers, "
        "which does not say what layers cost");
  Target target = target_of(options);
  const auto plans = parse_plans(options.plans, target.layers);
  std::optional<PlanCosts> costs;
  if (!target.shapes.empty())
    costs.emplace(std::move(target.name), std::move(target.shapes), options.work);
  const PlanCosts* known = costs ? &*costs : nullptr;
  if (options.json) {
    print_json(plans, target.layers, known, target.problem);
    return;
  }
  if (plans.size() == 1) {
    explain(plans.front(), target.layers, known);
  } else {
    if (plans.size() <= most_lines || options.lists_all)
      print_table(plans, target.layers);
    else
      print_methods(plans, known);
    print_summary(plans, known);
  }
  if (!target.problem.empty()) fmt::print("\nwithout costs: {}\n", target.problem);
}

}  // namespace

void add_plan(CLI::App& program) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("plan", "Explains a plan; compares several plans");
  add_plan_options(*command, options->plans);
  add_model_option(*command, options->model);
  command
      ->add_option("--layers", options->layers,
                   "Plan for a model of this many layers instead of --model, without costs")
      ->check(CLI::Range(1, 1'000'000));
  command
      ->add_option(
          "--model-shape", options->shape,
          "Plan for a model of this shape instead of --model; the FLOPs and the time on this "
          "machine, which is measured for a second, need no file: " +
              models::known_shape_names())
      ->excludes("--model", "--layers");
  constexpr std::size_t most_planned = 1'000'000'000'000;
  const auto add_work = [&](const char* name, std::size_t& value, const char* meaning) {
    command->add_option(name, value, meaning)
        ->check(CLI::Range(std::size_t{1}, most_planned))
        ->each([options](const std::string&) { options->has_work = true; });
  };
  add_work("--tokens", options->work.tokens,
           "For costs: tokens that go through the layers (default: 1000)");
  add_work("--tokens-per-text", options->work.tokens_per_text,
           "For costs: how long the texts are, on which attention depends (default: 128)");
  command->add_flag("--list", options->lists_all,
                    fmt::format("A line for each plan, even for more than {}", most_lines));
  add_threads_option(*command);
  add_format_option(*command, options->json);
  command->footer(
      "The paper's methods, which plans can have among their elements. The window of start s in a\n"
      "model of T layers is s + 1 to T - s - 1:\n" +
      methods_help() +
      "Examples:\n  painters plan --layers 32 --plan \"0..12, mean(13..19) x3, 20..31\"\n"
      "  painters plan --model-shape llama-2-70b --plans paper");
  command->callback([options] { run(*options); });
}

}  // namespace painters::cli
