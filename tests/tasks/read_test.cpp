#include <painters/tasks/read.hpp>

#include <filesystem>
#include <string>
#include <vector>

#include <rapidcheck.h>

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;
using Catch::Matchers::StartsWith;
namespace fs = std::filesystem;

namespace {

const std::string lambada_line = "{\"text\": \"a b c\"}\n";
const std::string winogrande_line =
    R"({"sentence": "so _ broke.", "option1": "a", "option2": "b", "answer": "2"})"
    "\n";
const std::string hellaswag_line =
    R"({"activity_label": "A", "ctx_a": "B", "ctx_b": "c", "endings": ["a", "b", "c", "d"], "label": 0})"
    "\n";

std::string error_of(const tasks::Task& task, const fs::path& path, std::size_t offset = 0) {
  try {
    tasks::read(task, path, tasks::all_documents, offset);
  } catch (const Error& e) {
    return e.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("limit and offset choose documents and keep their numbers", "[tasks][read]") {
  const support::TemporaryFolder folder;
  std::string text;
  for (int i = 0; i < 5; ++i) text += "{\"text\": \"word " + std::to_string(i) + "\"}\r\n\n";
  const fs::path file = folder.write("l.jsonl", text);
  CHECK(tasks::read(tasks::lambada_openai, file).size() == 5);
  const auto two = tasks::read(tasks::lambada_openai, file, 2, 3);
  REQUIRE(two.size() == 2);
  CHECK(two[0].index == 3);
  CHECK(two[1].requests[0].continuation == " 4");
  CHECK(tasks::read(tasks::lambada_openai, file, 9, 4).size() == 1);
  CHECK(error_of(tasks::lambada_openai, file, 5) ==
        file.string() + " holds 5 documents: offset 5 is past the last one");
}

TEST_CASE("a wrong line is named by its number", "[tasks][read]") {
  const support::TemporaryFolder folder;
  const fs::path broken = folder.write("broken.jsonl", lambada_line + "\n{\"text\": \"a\n");
  CHECK_THAT(error_of(tasks::lambada_openai, broken),
             StartsWith("expected JSON in " + broken.string() + ", line 3"));
  const fs::path number = folder.write("number.jsonl", lambada_line + "{\"text\": 5}");
  CHECK(error_of(tasks::lambada_openai, number) ==
        "expected \"text\" in " + number.string() + ", line 2 to be a string, found 5");
  const fs::path missing = folder.write("missing.jsonl", "{}\n");
  CHECK(error_of(tasks::lambada_openai, missing) ==
        "expected a field \"text\" in " + missing.string() + ", line 1, found none");
  const fs::path empty = folder.write("empty.jsonl", "\n");
  CHECK(error_of(tasks::lambada_openai, empty) ==
        empty.string() + " is empty: expected a line for each document");
  CHECK_THAT(error_of(tasks::lambada_openai, folder.path() / "none.jsonl"),
             StartsWith("expected a JSONL file at "));
}

TEST_CASE("a file of another task is recognised", "[tasks][read]") {
  const support::TemporaryFolder folder;
  const fs::path file = folder.write("h.jsonl", hellaswag_line);
  CHECK(error_of(tasks::arc_challenge, file) ==
        file.string() +
            ", line 1: this looks like a file of HellaSwag, expected ARC: use --task hellaswag");
}

TEST_CASE("the one file of a task is found in a folder", "[tasks][read]") {
  const support::TemporaryFolder folder;
  folder.write("a.jsonl", lambada_line);
  folder.write("b.jsonl", winogrande_line);
  folder.write("c.jsonl", "not JSON\n");
  folder.write("d.txt", winogrande_line);
  CHECK(tasks::read(tasks::winogrande, folder.path()).at(0).gold == 1);
  CHECK(error_of(tasks::hellaswag, folder.path()) ==
        folder.path().string() +
            ": expected one .jsonl file of HellaSwag in this folder, found none");
  folder.write("e.jsonl", lambada_line);
  CHECK(error_of(tasks::lambada_openai, folder.path()) ==
        folder.path().string() +
            ": expected one .jsonl file of LAMBADA in this folder, found a.jsonl and e.jsonl: name "
            "the file");
}

TEST_CASE("whatever JSON a line holds, a task reads it or says what is wrong",
          "[tasks][read][property]") {
  const std::vector<std::string> fields{
      "text",  "question", "choices", "answerKey", "label",   "stem",    "activity_label",
      "ctx_a", "ctx_b",    "endings", "sentence",  "option1", "option2", "answer"};
  const std::vector<std::string> values{
      "null",
      "-1",
      "1e99",
      "\"_ \"",
      "\"\"",
      "[]",
      "[[]]",
      "{}",
      "[\"a\", 1]",
      "[\"a\", \"b\"]",
      "\"1\"",
      R"({"text": ["a", "b"], "label": ["1", "2"]})",
      R"({"stem": "s", "choices": [{"text": "t", "label": 1}, 5]})",
      R"(["a", "b", "c", "\u0000"])"};
  std::size_t read = 0;
  REQUIRE(rc::check("random fields with random values", [&] {
    nlohmann::json line = nlohmann::json::object();
    for (const std::string& name : fields)
      if (*rc::gen::weightedElement<bool>({{3, true}, {1, false}}))
        line[name] = nlohmann::json::parse(*rc::gen::elementOf(values));
    for (const tasks::Task* task : tasks::all_tasks) {
      try {
        const tasks::Document document = task->document({line, "line 1"});
        RC_ASSERT(document.gold < document.requests.size());
        RC_ASSERT(!task->has(tasks::acc_norm) ||
                  document.choice_lengths.size() == document.requests.size());
        ++read;
      } catch (const Error&) {
      }
    }
  }));
  CHECK(read > 0);  // the values are not all refused
}
