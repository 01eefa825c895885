// painters score: log-likelihoods of requests, or the metrics of a task, under any number of plans.
#include <algorithm>
#include <cstddef>
#include <iostream>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <painters/engine/read_requests.hpp>
#include <painters/engine/store_keys.hpp>
#include <painters/front/loaded_model.hpp>
#include <painters/front/open_model.hpp>
#include <painters/plan/print.hpp>
#include <painters/plan/sequence.hpp>
#include <painters/tasks/metrics.hpp>
#include <painters/tasks/read.hpp>

#include "commands.hpp"
#include "common.hpp"
#include "output.hpp"
#include "progress.hpp"
#include "scoring_work.hpp"
#include "store.hpp"
#include "version.hpp"

namespace painters::cli {

namespace {

using Json = nlohmann::ordered_json;

struct Options {
  std::string model;
  PlanOptions plans;
  std::string requests;
  std::string task;
  std::string data;
  std::size_t limit = tasks::all_documents;
  std::size_t offset = 0;
  std::string output, store;
  ModelOptions model_options;
  bool add_bos = false;
  bool json = false;
};

Json source_of(const Options& options, const front::LoadedModel& model) {
  const engine::Run run = model.run(version());
  return {{"painters", run.version},
          {"build", run.backend},
          {"threads", run.threads},
          {"model", model_path(options.model).string()},
          {"bos", options.add_bos}};
}

Json json_of(const NamedPlan& plan, std::size_t index, const engine::Score& score) {
  return {{"plan", plan.text},
          {"index", index},
          {"loglikelihood", score.loglikelihood},
          {"is_greedy", score.is_greedy},
          {"tokens", score.tokens}};
}

std::string text_of(const NamedPlan& plan, std::size_t index, const engine::Score& score) {
  return fmt::format("{:>6} {:>14.6f} {:>7} {:>7}  {}", index, score.loglikelihood,
                     score.is_greedy ? "yes" : "no", score.tokens, plan.text);
}

/// Turns requests of a file into those that the model can score.
struct Prepare {
  const front::LoadedModel& model;
  bool add_bos;

  engine::TokenRequest operator()(const engine::Request& request) const {
    return model.encode(request, add_bos);
  }
  engine::TokenRequest operator()(engine::TokenRequest request) const {
    return model.complete(std::move(request));
  }
};

void score_requests(const Options& options, const front::LoadedModel& model,
                    const std::vector<NamedPlan>& plans) {
  const auto requests = engine::read_requests(options.requests, Prepare{model, options.add_bos});
  const bool for_people = options.output.empty() && !options.json;
  ScoringWork work(model, store_path(options.store, options.output), plans, requests,
                   std::vector<std::size_t>(requests.size(), 1));
  LineFile output(options.output, plans.size() * requests.size(), [&](std::size_t line) {
    const NamedPlan& plan = plans[line / requests.size()];
    const std::size_t index = line % requests.size();
    const engine::Score& score = work.scores(line).front();
    return for_people ? text_of(plan, index, score) : json_of(plan, index, score).dump();
  });
  if (for_people)
    fmt::print("{:>6} {:>14} {:>7} {:>7}  {}\n", "index", "loglikelihood", "greedy", "tokens",
               "plan");
  std::fflush(stdout);
  work.run(&output);
  if (options.output.empty()) return;
  Json summary = work.summary();
  if (options.json)
    std::cout << Json{{"source", source_of(options, model)}, {"summary", summary}}.dump(2) << '\n';
  else
    fmt::print("{} requests, {} tokens in {}{}: {}\n", summary["requests"].get<std::size_t>(),
               summary["tokens"].get<std::size_t>(), duration_text(summary["seconds"]),
               work.found_text(), options.output);
}

Json json_of(const NamedPlan& plan, const tasks::Task& task, const tasks::DocumentResult& result) {
  Json json{{"plan", plan.text},
            {"task", task.name},
            {"index", result.index},
            {"gold", result.gold},
            {"prediction", result.prediction},
            {"correct", result.correct},
            {"loglikelihood", result.loglikelihood},
            {"loglikelihoods", result.loglikelihoods}};
  if (result.correct_norm) json["correct_norm"] = *result.correct_norm;
  return json;
}

Json json_of(const NamedPlan& plan, const std::vector<tasks::Metric>& metrics) {
  Json json{{"plan", plan.text}};
  for (const tasks::Metric& metric : metrics)
    json["metrics"][std::string(metric.name)] = {{"value", metric.value},
                                                 {"standard_error", metric.standard_error},
                                                 {"higher_is_better", metric.higher_is_better}};
  return json;
}

void print_metrics(const NamedPlan& plan, const std::vector<tasks::Metric>& metrics) {
  for (const tasks::Metric& metric : metrics)
    fmt::print("{:<11} {:>12.4f} {:>10.4f}  {}\n", metric.name, metric.value, metric.standard_error,
               plan.text);
  std::fflush(stdout);
}

void score_task(const Options& options, const front::LoadedModel& model,
                const std::vector<NamedPlan>& plans) {
  const tasks::Task& task = tasks::task_named(options.task);
  const auto documents = tasks::read(task, options.data, options.limit, options.offset);
  std::vector<engine::TokenRequest> requests;
  std::vector<std::size_t> sizes;
  for (const tasks::Document& document : documents) {
    sizes.push_back(document.requests.size());
    for (const engine::Request& request : document.requests)
      requests.push_back(model.encode(request, options.add_bos));
  }
  ScoringWork work(model, store_path(options.store, options.output), plans, requests,
                   std::move(sizes));
  const auto result = [&](std::size_t line) {
    return tasks::judge(task, documents[line % documents.size()], work.scores(line));
  };
  std::optional<LineFile> output;
  if (!options.output.empty())
    output.emplace(options.output, plans.size() * documents.size(), [&](std::size_t line) {
      return json_of(plans[line / documents.size()], task, result(line)).dump();
    });
  work.run(output ? &*output : nullptr);

  Json json = Json::array();
  if (!options.json) {
    fmt::print("{}, {} documents of {}\n\n", task.name, documents.size(), options.data);
    fmt::print("{:<11} {:>12} {:>10}  {}\n", "metric", "value", "std. error", "plan");
  }
  for (std::size_t plan = 0; plan < plans.size(); ++plan) {
    std::vector<tasks::DocumentResult> results;
    for (std::size_t i = 0; i < documents.size(); ++i)
      results.push_back(result(plan * documents.size() + i));
    const auto metrics = tasks::summarize(task, results);
    if (options.json)
      json.push_back(json_of(plans[plan], metrics));
    else
      print_metrics(plans[plan], metrics);
  }
  if (options.json)
    std::cout << Json{{"source", source_of(options, model)},
                      {"task", task.name},
                      {"data", options.data},
                      {"documents", documents.size()},
                      {"summary", work.summary()},
                      {"results", std::move(json)}}
                     .dump(2)
              << '\n';
}

void run(Options options) {
  if (options.requests.empty() == options.task.empty())
    throw UsageError(
        "expected either --requests FILE.jsonl or --task NAME with --data PATH, found " +
        std::string(options.task.empty() ? "neither" : "both"));
  if (!options.task.empty() && options.data.empty())
    throw UsageError("--task needs --data PATH, the file or folder with its documents");
  if (!options.task.empty()) tasks::task_named(options.task);
  const auto model = front::open_model(model_path(options.model), options.model_options);
  if (options.plans.texts.empty() && options.plans.lists.empty())
    options.plans.texts = {to_string(Sequence{model->sizes().num_hidden_layers})};
  const auto plans = parse_plans(options.plans, model->sizes().num_hidden_layers);
  options.task.empty() ? score_requests(options, *model, plans)
                       : score_task(options, *model, plans);
}

}  // namespace

void add_score(CLI::App& program) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand(
      "score", "Log-likelihoods of requests or metrics of a task, under any plans");
  add_model_option(*command, options->model);
  add_plan_options(*command, options->plans);
  command->add_option(
      "--requests", options->requests,
      "JSON lines of {\"context\", \"continuation\"} or {\"context_ids\", \"continuation_ids\"}");
  command->add_option("--task", options->task, tasks::task_names());
  command->add_option("--data", options->data, "The task's own file, or the folder that it is in");
  command->add_option("--limit", options->limit, "At most so many documents")
      ->check(CLI::Range(1, 1'000'000'000));
  command->add_option("--offset", options->offset, "The first document, counted from 0");
  command->add_option(
      "--output", options->output,
      "JSON lines: a score for each plan and request, or a result for each plan and document");
  command->add_flag("--add-bos", options->add_bos,
                    "Put the model's first token before every context");
  add_store_option(*command, options->store, "OUTPUT.store beside --output; none keeps nothing");
  add_model_options(*command, options->model_options);
  add_threads_option(*command);
  add_format_option(*command, options->json);
  command->footer(
      "Without --plan the model runs as it is. What plans have in common is computed once.\n"
      "Example:\n"
      "  painters score --task winogrande --data winogrande_xl_validation.jsonl --limit 100 \\\n"
      "    --plan 0..29 --plan \"@skip(start=12)\"");
  command->callback([options] { run(*options); });
}

}  // namespace painters::cli
