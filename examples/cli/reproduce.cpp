// painters reproduce: the experiments of "Transformer Layers as Painters" on a model, and the
// report.
#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <painters/analysis/stored_records.hpp>
#include <painters/analysis/study_plans.hpp>
#include <painters/engine/fingerprint.hpp>
#include <painters/front/loaded_model.hpp>
#include <painters/front/open_model.hpp>
#include <painters/joined.hpp>
#include <painters/tasks/read.hpp>
#include <painters/tasks/tasks.hpp>

#include "commands.hpp"
#include "common.hpp"
#include "interrupt.hpp"
#include "progress.hpp"
#include "publish.hpp"
#include "store.hpp"
#include "suite.hpp"
#include "version.hpp"

namespace painters::cli {

namespace {

/// Chosen so that the quick setting takes about ten minutes on two cores with the default model.
constexpr std::size_t quick_documents = 50;

struct Options {
  std::string model;
  std::string output = "painters-report", store;
  ModelOptions model_options;
  std::vector<std::string> data;
  std::optional<std::size_t> limit;
  bool full = false;
  bool json = false;
};

/// Thrown through the scorer to stop it.
struct Interrupted {};

/// The file with the task's data: one of `places`, or the one in a folder among them.
std::filesystem::path find_data(const tasks::Task& task, const std::vector<std::string>& places) {
  for (const std::string& place : places) {
    std::error_code error;
    if (std::filesystem::is_regular_file(place, error) && tasks::holds_data_of(task, place))
      return place;
  }
  for (const std::string& place : places) {
    std::error_code error;
    if (!std::filesystem::exists(place, error))
      throw Error("expected data at " + place + ", found nothing there: check --data");
    if (std::filesystem::is_directory(place, error)) return tasks::data_file(task, place);
  }
  throw Error("expected a file of " + std::string(task.data_set) +
              ", found none among those named: name it, or a folder that has it, with --data");
}

/// The documents of all tasks, and their requests one after another.
struct Questions {
  std::vector<analysis::TaskDefinition> tasks;
  std::vector<engine::TokenRequest> requests;
  std::vector<std::size_t> task_of;  // the task of each request
};

void add(Questions& questions, const tasks::Task& task, const Options& options,
         const front::LoadedModel& model) {
  const std::vector<std::string> suite{suite_folder().string()};
  const auto file = find_data(task, options.data.empty() ? suite : options.data);
  const std::size_t limit =
      options.limit.value_or(options.full ? tasks::all_documents : quick_documents);
  analysis::TaskDefinition definition{{}, tasks::read(task, file, limit), {}};
  const std::size_t first = questions.requests.size();
  for (const tasks::Document& document : definition.documents)
    for (const engine::Request& request : document.requests)
      questions.requests.push_back(model.encode(request, false));
  definition.requests = engine::stored_requests(std::span(questions.requests).subspan(first));
  definition.data = {.task = std::string(task.name),
                     .file = file.filename().string(),
                     .fingerprint = engine::fingerprint(file),
                     .documents = definition.documents.size(),
                     .chance = task.chance};
  questions.task_of.insert(questions.task_of.end(), definition.requests.size(),
                           questions.tasks.size());
  questions.tasks.push_back(std::move(definition));
}

/// Scores what the store lacks. Returns false if the user stopped it.
bool score(const front::LoadedModel& model, const analysis::StudyPlans& plans,
           const Questions& questions, const analysis::StudyDefinition& study,
           engine::StoreFile& file) {
  engine::ScoreStore store(file, analysis::origin_of(study.source),
                           engine::stored_plans(plans.plans),
                           engine::stored_requests(questions.requests));
  catch_interrupts();
  // The full model first: every other score is reported relative to it.
  for (const bool only_full_model : {true, false}) {
    Progress progress(only_full_model ? "full model" : "experiments");
    try {
      store.begin_run(model.run(version()));
      model.score(
          plans.plans, questions.requests, &store,
          [&](std::size_t plan, std::size_t request) {
            return plan == 0 ||
                   (!only_full_model && plans.runs_on[plan][questions.task_of[request]]);
          },
          [](std::size_t, std::size_t, const engine::Score&) {},
          [&](const engine::SweepProgress& now) {
            if (interrupted()) throw Interrupted();
            progress.update(now);
          });
    } catch (Interrupted) {
      return false;
    }
  }
  return true;
}

std::string shell_word(const std::string& word) {
  if (word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                             "_-./=,:+@%") == std::string::npos)
    return word;
  std::string quoted = "'";
  for (char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

/// "LAMBADA, ARC, HellaSwag and WinoGrande"
std::string data_sets() {
  return joined(tasks::paper_tasks(), " and ",
                [](const tasks::Task* task) { return task->data_set; });
}

analysis::ReportText describe(const Options& options) {
  std::string command = "painters reproduce --output " + shell_word(options.output);
  if (!options.model.empty()) command += " --model " + shell_word(options.model);
  for (const std::string& place : options.data) command += " --data " + shell_word(place);
  if (options.limit) command += fmt::format(" --limit {}", *options.limit);
  if (options.full) command += " --full";
  if (const std::string& name = options.model_options.backend.backend; !name.empty())
    command += " --backend " + shell_word(name);
  if (const std::string& name = options.model_options.backend.precision; !name.empty())
    command += " --precision " + shell_word(name);
  if (!options.store.empty()) command += " --store " + shell_word(options.store);
  std::string setting;
  if (!options.full)
    setting =
        "This is the quick setting: every second window, two random orders instead of ten, and the "
        "first documents of each task. With --full all are run.";
  else if (options.limit)
    setting = "Only the first documents of each task were used.";
  return {.command = std::move(command),
          .setting = std::move(setting),
          .data = options.data.empty()
                      ? "the evaluation suite that comes with painters, written for small models; "
                        "not the data sets that the tasks are named after"
                      : "the files named with --data",
          .seconds = 0};
}

void run(const Options& options) {
  const std::filesystem::path path = model_path(options.model);
  const auto model = front::open_model(path, options.model_options);
  const engine::Origin origin = model->origin();
  const engine::Run run = model->run(version());
  Questions questions;
  for (const tasks::Task* task : tasks::paper_tasks()) add(questions, *task, options, *model);
  const analysis::StudyDefinition study{.source = {.model = origin.model_name,
                                                   .fingerprint = origin.model,
                                                   .layers = model->sizes().num_hidden_layers,
                                                   .precision = origin.precision,
                                                   .backend = run.backend,
                                                   .threads = run.threads,
                                                   .version = run.version},
                                        .full = options.full,
                                        .tasks = questions.tasks,
                                        .text = describe(options)};
  const auto plans = analysis::study_plans(study.experiments(), study.data(), study.source.layers);

  const std::filesystem::path folder = make_output_folder(options.output);
  engine::StoreFile file(options.store.empty() ? folder / store_name
                                               : std::filesystem::path(options.store));
  file.set_note(analysis::definition_note, analysis::to_text(study));
  if (!options.json) {
    fmt::print("{}: {} experiments, {} different plans on {} requests; results go to {}\n",
               study.source.model, study.experiments().size(), plans.plans.size(),
               questions.requests.size(), file.path().string());
    std::fflush(stdout);
  }
  const bool finished = score(*model, plans, questions, study, file);
  const analysis::Study done = publish(file, folder, options.json);
  if (!finished)
    throw Error(
        fmt::format("interrupted after {} of {} experiments; the report has what is done, "
                    "and the same command does the rest",
                    done.done(), done.experiments().size()));
}

}  // namespace

void add_reproduce(CLI::App& program) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand(
      "reproduce",
      "The experiments of \"Transformer Layers as Painters\" on a model, and a report");
  add_model_option(*command, options->model);
  command
      ->add_option("--output", options->output,
                   "The folder for results, tables, figures and report.html; in the folder of an "
                   "earlier run only what is missing is computed")
      ->capture_default_str();
  command->add_flag("--full", options->full,
                    "All windows, ten random orders and all documents, not the quick setting");
  command->add_option("--data", options->data,
                      "Files of " + data_sets() +
                          ", or a folder with them (default: a small suite that comes with "
                          "painters)");
  command->add_option("--limit", options->limit, "At most this many documents of each task")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000'000}));
  add_store_option(*command, options->store, "results.sqlite in the output folder");
  add_model_options(*command, options->model_options);
  add_threads_option(*command);
  add_format_option(*command, options->json);
  command->footer(
      "The quick setting takes about ten minutes on two cores with the default model. Scores are\n"
      "kept as they are made: after an interruption, by Ctrl-C or anything else, the same command\n"
      "computes the rest, and painters report makes the report of what there is at any time.\n"
      "Example:\n"
      "  painters reproduce --output my-report");
  command->callback([options] { run(*options); });
}

}  // namespace painters::cli
