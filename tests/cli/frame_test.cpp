// The pieces of the program that can be tested alone.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "cli/default_model.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;
using namespace painters::cli;

namespace {

std::string content(const std::filesystem::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

TEST_CASE("durations are told in two units at most", "[cli][progress]") {
  CHECK(duration_text(0.2) == "0 s");
  CHECK(duration_text(59.4) == "59 s");
  CHECK(duration_text(61) == "1 min 01 s");
  CHECK(duration_text(7500) == "2 h 05 min");
}

TEST_CASE("the progress line shows rate and time left, and gives way on narrow terminals",
          "[cli][progress]") {
  const auto line = [](std::size_t width) {
    return progress_line("scoring", "requests", 25, 100, 10, width);
  };
  CHECK(line(79) ==
        "scoring [#######......................]  25%  25/100 requests, 2.5/s  30 s left");
  CHECK(line(50) == "scoring  25%  25/100 requests, 2.5/s  30 s left");
  CHECK(line(30) == "scoring  25%  30 s left");
  CHECK(line(20) == " 25%  30 s left");
  CHECK(line(5) == " 25%");
  CHECK(line(2) == "");
  CHECK(line(500).size() < 120);
  CHECK(progress_line("a", "b", 0, 10, 3, 40).find("left") == std::string::npos);
  CHECK(progress_line("a", "b", 10, 10, 3, 60).find("100%") != std::string::npos);
}

TEST_CASE("a file of lines has its name only when it is finished", "[cli][output]") {
  const support::TemporaryFolder folder;
  const auto path = folder.write("results.jsonl", "old");
  {
    LineFile file(path);
    file.write(0, "one");
    CHECK(content(path) == "old");
    CHECK(content(file.written()) == "one\n");
    file.write(1, "two");
    file.finish();
  }
  CHECK(content(path) == "one\ntwo\n");
  CHECK_FALSE(std::filesystem::exists(path.string() + ".partial"));
  {
    LineFile interrupted(path);
    interrupted.write(0, "three");
  }
  CHECK(content(path) == "one\ntwo\n");
  CHECK(content(path.string() + ".partial") == "three\n");
  {
    LineFile any_order(path);
    any_order.write(2, "c");
    any_order.write(0, "a");
    CHECK(content(any_order.written()) == "c\na\n");
    any_order.write(1, "b");
    any_order.finish();
  }
  CHECK(content(path) == "a\nb\nc\n");
  CHECK_FALSE(std::filesystem::exists(path.string() + ".partial"));
  { LineFile empty(path); }
  CHECK_FALSE(std::filesystem::exists(path.string() + ".partial"));
}

TEST_CASE("output that cannot be written is an error", "[cli][output]") {
  const support::TemporaryFolder folder;
  CHECK_THROWS_AS(LineFile(folder.path()), Error);
  CHECK_THROWS_AS(LineFile(folder.path() / "missing/results.jsonl"), Error);
  if (std::filesystem::exists("/dev/full")) {
    LineFile full("/dev/full");
    CHECK_THROWS_AS(full.write(0, "x"), Error);
  }
}

TEST_CASE("the default model lies in the cache folder that the environment names",
          "[cli][default_model]") {
  const char* names[] = {"PAINTERS_CACHE", "XDG_CACHE_HOME", "HOME"};
  std::string saved[3];
  for (int i = 0; i < 3; ++i)
    if (const char* value = std::getenv(names[i])) saved[i] = value;
  setenv("HOME", "/h", 1);
  unsetenv("XDG_CACHE_HOME");
  unsetenv("PAINTERS_CACHE");
  CHECK(default_model() == "/h/.cache/painters/SmolLM2-135M-Instruct.Q4_1.gguf");
  setenv("XDG_CACHE_HOME", "/x", 1);
  CHECK(cache_folder() == "/x/painters");
  setenv("PAINTERS_CACHE", "/p", 1);
  CHECK(cache_folder() == "/p");
  CHECK_THROWS_WITH(
      require_default_model(),
      Catch::Matchers::EndsWith("fetch it with cmake/fetch_model.sh or name another with --model"));
  for (int i = 0; i < 3; ++i) {
    if (saved[i].empty())
      unsetenv(names[i]);
    else
      setenv(names[i], saved[i].c_str(), 1);
  }
}
