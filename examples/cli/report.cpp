// painters report: the report of a study, finished or not, from its store of results.
#include <filesystem>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "commands.hpp"
#include "common.hpp"
#include "publish.hpp"

namespace painters::cli {

namespace {

struct Options {
  std::string output = "painters-report", store;
  bool json = false;
};

void run(const Options& options) {
  const std::filesystem::path folder(options.output);
  engine::StoreFile file(
      options.store.empty() ? folder / store_name : std::filesystem::path(options.store),
      engine::StoreFile::Mode::open);
  const analysis::Study study = publish(file, make_output_folder(folder), options.json);
  if (!options.json && study.done() < study.experiments().size())
    fmt::print("{} of {} experiments are done; painters reproduce does the rest\n", study.done(),
               study.experiments().size());
}

}  // namespace

void add_report(CLI::App& program) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand(
      "report",
      "The report of painters reproduce, from the results so far, even while it is running");
  command
      ->add_option("--output", options->output,
                   "The folder of painters reproduce, into which the report goes")
      ->capture_default_str();
  command->add_option("--store", options->store,
                      "The store of results, if it is not results.sqlite in that folder");
  add_format_option(*command, options->json);
  command->footer(
      "Needs neither the model nor the data.\n"
      "Example:\n"
      "  painters report --output my-report");
  command->callback([options] { run(*options); });
}

}  // namespace painters::cli
