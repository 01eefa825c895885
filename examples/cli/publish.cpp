#include "publish.hpp"

#include <fstream>
#include <iostream>
#include <system_error>

#include <fmt/format.h>

#include <painters/analysis/stored_records.hpp>
#include <painters/analysis/write_report.hpp>

namespace painters::cli {

namespace {

void print_summary(const analysis::Study& study) {
  const analysis::Curves curves(study);
  const auto order = curves.order_of_harm();
  if (!order.empty())
    fmt::print("The order of harm on this model, from the worst to the mildest:\n");
  for (const analysis::Harm& harm : order)
    fmt::print("  {:<24} {}\n", analysis::about(harm.variant).title, analysis::text_of(harm.score));
  fmt::print("The paper's findings:\n");
  for (const analysis::Finding& finding : analysis::findings(study, curves))
    fmt::print("  {:<28} {}\n", analysis::text_of(finding.verdict), finding.claim);
}

}  // namespace

std::filesystem::path make_output_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    throw Error("expected to make the output folder " + folder.string() +
                ", found: " + error.message() + "; choose another with --output");
  return folder;
}

analysis::Study publish(engine::StoreFile& file, const std::filesystem::path& folder, bool json) {
  analysis::StudyDefinition definition = analysis::definition_of(file);
  const analysis::StoredRecords stored = analysis::stored_records(file, definition);
  definition.text.seconds = stored.seconds;
  analysis::Study study(definition.source, definition.data(), definition.experiments(),
                        stored.records);
  const std::string note = analysis::write_report(study, stored.records, definition.text, folder);
  if (json)
    std::cout << std::ifstream(folder / "summary.json").rdbuf();
  else
    print_summary(study);
  if (!note.empty()) std::cerr << "painters: " << note << '\n';
  if (!json) fmt::print("The report: {}\n", (folder / "report.html").string());
  return study;
}

}  // namespace painters::cli
