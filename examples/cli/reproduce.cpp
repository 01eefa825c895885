// painters reproduce: the experiments of "Transformer Layers as Painters" on a model, and the
// report.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <painters/analysis/fingerprint.hpp>
#include <painters/analysis/jobs.hpp>
#include <painters/analysis/results.hpp>
#include <painters/analysis/write_report.hpp>
#include <painters/tasks/metrics.hpp>
#include <painters/tasks/read.hpp>

#include "commands.hpp"
#include "common.hpp"
#include "interrupt.hpp"
#include "progress.hpp"
#include "session.hpp"
#include "suite.hpp"
#include "version.hpp"

namespace painters::cli {

namespace {

/// Chosen so that the quick setting takes about ten minutes on two cores with the default model.
constexpr std::size_t quick_documents = 50;

struct Options {
  std::string model;
  std::string output = "painters-report";
  std::vector<std::string> data;
  std::optional<std::size_t> limit;
  bool full = false;
  bool json = false;
};

/// A task ready to be scored.
struct LoadedTask {
  const tasks::Task* task;
  analysis::DataSet data;
  std::vector<tasks::Document> documents;
  std::vector<engine::TokenRequest> requests;  // of all documents, one after another
};

/// Thrown out of the scorer to stop in the middle of a job.
struct Interrupted {};

/// The file of the task: one of those named, or the one in a folder named.
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

LoadedTask load(const tasks::Task& task, const Options& options, const Session& session) {
  const std::vector<std::string> suite{suite_folder().string()};
  const auto file = find_data(task, options.data.empty() ? suite : options.data);
  const std::size_t limit =
      options.limit.value_or(options.full ? tasks::all_documents : quick_documents);
  LoadedTask loaded{&task, {}, tasks::read(task, file, limit), {}};
  for (const tasks::Document& document : loaded.documents)
    for (const engine::Request& request : document.requests)
      loaded.requests.push_back(session.encode(request, false));
  loaded.data = {.task = std::string(task.name),
                 .file = file.filename().string(),
                 .fingerprint = analysis::fingerprint(file),
                 .documents = loaded.documents.size(),
                 .chance = task.chance};
  return loaded;
}

analysis::Outcomes judge(const LoadedTask& loaded, std::span<const engine::Score> scores) {
  analysis::Outcomes outcomes;
  for (const tasks::Document& document : loaded.documents) {
    const std::size_t count = document.requests.size();
    const auto result = tasks::judge(*loaded.task, document, scores.first(count));
    scores = scores.subspan(count);
    outcomes.index.push_back(result.index);
    outcomes.correct.push_back(result.correct);
    if (result.correct_norm) outcomes.correct_norm.push_back(*result.correct_norm);
    outcomes.loglikelihood.push_back(result.loglikelihood);
  }
  return outcomes;
}

/// Runs jobs and keeps every result as soon as all documents are scored under its plan.
class Work {
 public:
  Work(Session& session, const analysis::Source& source, const std::vector<LoadedTask>& loaded,
       const std::vector<analysis::Job>& jobs, analysis::Results& results)
      : session_(session), source_(source), loaded_(loaded), jobs_(jobs), results_(results) {
    for (const analysis::Job& job : jobs) total_ += job.cost;
  }

  /// The full model on all tasks first: all other scores are relative to its. Then task by task,
  /// with all plans at once. Returns whether it came to the end.
  bool run(const std::string& full_model) {
    catch_interrupts();
    try {
      for (const bool is_full_model : {true, false})
        for (std::size_t task = 0; task < loaded_.size(); ++task)
          run(task,
              [&](const analysis::Job& job) { return (job.text == full_model) == is_full_model; });
    } catch (Interrupted) {
      return false;
    }
    return true;
  }

 private:
  template <class Wanted>
  void run(std::size_t task, const Wanted& wanted) {
    std::vector<const analysis::Job*> jobs;
    std::vector<PlanView> plans;
    std::size_t cost = 0;
    for (const analysis::Job& job : jobs_)
      if (job.task == task && wanted(job)) {
        jobs.push_back(&job);
        plans.push_back(job.plan);
        cost += job.cost;
      }
    if (jobs.empty()) return;
    const LoadedTask& loaded = loaded_[task];
    std::vector<std::vector<engine::Score>> scores(jobs.size());
    const auto keep = [&](std::size_t plan, std::size_t, std::span<const engine::Score> more) {
      scores[plan].insert(scores[plan].end(), more.begin(), more.end());
      if (scores[plan].size() < loaded.requests.size()) return;
      const auto now = Clock::now();
      const std::chrono::duration<double> time = now - last_result_;
      last_result_ = now;
      results_.append(
          {source_, loaded.data, jobs[plan]->text, time.count(), judge(loaded, scores[plan])});
    };
    const auto look = [&](std::size_t done, std::size_t total) {
      if (interrupted()) throw Interrupted();
      progress_.update(done_ + (total > 0 ? cost * done / total : cost), total_);
    };
    session_.score(plans, loaded.requests, keep, look);
    done_ += cost;
  }

  using Clock = std::chrono::steady_clock;

  Session& session_;
  const analysis::Source& source_;
  const std::vector<LoadedTask>& loaded_;
  const std::vector<analysis::Job>& jobs_;
  analysis::Results& results_;
  std::size_t total_ = 0, done_ = 0;  // layer calls on documents, as if nothing were shared
  Progress progress_{"experiments", "layer runs"};
  Clock::time_point last_result_ = Clock::now();
};

std::string shell_word(const std::string& word) {
  if (word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                             "_-./=,:+@%") == std::string::npos)
    return word;
  std::string quoted = "'";
  for (char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

analysis::ReportText describe(const Options& options) {
  std::string command = "painters reproduce --output " + shell_word(options.output);
  if (!options.model.empty()) command += " --model " + shell_word(options.model);
  for (const std::string& place : options.data) command += " --data " + shell_word(place);
  if (options.limit) command += fmt::format(" --limit {}", *options.limit);
  if (options.full) command += " --full";
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
                      : "the files named with --data"};
}

void print_summary(const analysis::Study& study) {
  const analysis::Curves curves(study);
  const auto order = curves.order_of_harm();
  if (!order.empty())
    fmt::print("The order of harm on this model, from the worst to the mildest:\n");
  for (const analysis::Harm& harm : order)
    fmt::print("  {:<24} {}\n", analysis::text_of(harm.method).title,
               analysis::text_of(harm.score));
  fmt::print("The paper's findings:\n");
  for (const analysis::Finding& finding : analysis::findings(study, curves))
    fmt::print("  {:<28} {}\n", analysis::text_of(finding.verdict), finding.claim);
}

void run(const Options& options) {
  const std::filesystem::path model = model_path(options.model);
  Session session(model);
  const analysis::Source source{.model = std::filesystem::is_directory(model)
                                             ? (model / "").parent_path().filename().string()
                                             : model.stem().string(),
                                .fingerprint = analysis::fingerprint(model),
                                .layers = session.layers(),
                                .precision = "weights as in the file, f32 arithmetic",
                                .backend = build(),
                                .threads = static_cast<std::size_t>(omp_get_max_threads()),
                                .version = version()};
  std::vector<LoadedTask> loaded;
  std::vector<analysis::DataSet> data;
  for (const tasks::Task* task :
       {&tasks::lambada_openai, &tasks::arc_challenge, &tasks::hellaswag, &tasks::winogrande}) {
    loaded.push_back(load(*task, options, session));
    data.push_back(loaded.back().data);
  }
  const auto list =
      analysis::experiments(source.layers, options.full ? analysis::full_selection(source.layers)
                                                        : analysis::quick_selection(source.layers));
  analysis::Results results(options.output);
  const auto jobs = analysis::remaining(list, source, data, results);
  if (!options.json) {
    fmt::print("{}: {} experiments, {} runs of a plan on a task to do; results go to {}\n",
               source.model, list.size(), jobs.size(), options.output);
    std::fflush(stdout);
  }
  const bool finished = Work(session, source, loaded, jobs, results).run(list.front().plan);

  const analysis::Study study(source, data, list, results.records());
  const std::filesystem::path folder(options.output);
  const std::string note =
      analysis::write_report(study, results.records(), describe(options), folder);
  if (options.json)
    std::cout << std::ifstream(folder / "summary.json").rdbuf();
  else
    print_summary(study);
  if (!note.empty()) std::cerr << "painters: " << note << '\n';
  if (!options.json) fmt::print("The report: {}\n", (folder / "report.html").string());
  if (!finished)
    throw Error(
        fmt::format("interrupted after {} of {} experiments; the report has what is done, "
                    "and the same command does the rest",
                    study.done(), list.size()));
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
                   "The folder for results, tables, figures and report.html; a folder of an "
                   "earlier run is gone on with")
      ->capture_default_str();
  command->add_flag("--full", options->full,
                    "All windows, ten random orders and all documents, not the quick setting");
  command->add_option("--data", options->data,
                      "Files of LAMBADA, ARC, HellaSwag and WinoGrande, or a folder with them "
                      "(default: a small suite that comes with painters)");
  command->add_option("--limit", options->limit, "At most so many documents of each task")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000'000}));
  add_threads_option(*command);
  add_format_option(*command, options->json);
  command->footer(
      "The quick setting takes about ten minutes on two cores with the default model. Results are\n"
      "kept as they are made: after Ctrl-C the same command goes on.\n"
      "Example:\n"
      "  painters reproduce --output my-report");
  command->callback([options] { run(*options); });
}

}  // namespace painters::cli
