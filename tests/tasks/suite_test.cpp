// The evaluation suite that comes with the program.
#include <painters/tasks/read.hpp>

#include <filesystem>
#include <set>
#include <string>

#include "support/catch.hpp"
#include "support/data.hpp"

using namespace painters;

TEST_CASE("the suite has at least 120 different documents for each task of the paper's figures",
          "[tasks][suite]") {
  const std::filesystem::path suite = support::source_folder() / "examples/suite";
  for (const tasks::Task* task : tasks::paper_tasks()) {
    CAPTURE(task->name);
    const auto documents = tasks::read(*task, suite);
    std::set<std::string> texts;
    for (const tasks::Document& document : documents)
      texts.insert(document.requests[0].context + document.requests[0].continuation);
    CHECK(documents.size() >= 120);
    CHECK(texts.size() == documents.size());
  }
}
