// The pieces of the program that can be tested alone.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>

#include "../../examples/support/default_model.hpp"
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

TEST_CASE("durations are given in at most two units", "[cli][progress]") {
  CHECK(duration_text(0.2) == "0 s");
  CHECK(duration_text(59.4) == "59 s");
  CHECK(duration_text(61) == "1 min 01 s");
  CHECK(duration_text(7500) == "2 h 05 min");
}

TEST_CASE(
    "the progress line shows rate, time left and what sharing saves, and gives way on narrow "
    "terminals",
    "[cli][progress]") {
  const auto line = [](std::size_t width, double sharing = 1) {
    return progress_line("scoring", {25, 100, 0.25, sharing}, 10, width);
  };
  CHECK(line(79) ==
        "scoring [######.....................]  25%  25/100 layer runs, 2.5/s  30 s left");
  CHECK(line(100, 7.79) ==
        "scoring [######...................]  25%  25/100 layer runs, 2.5/s  30 s left, 7.8x saved "
        "by sharing");
  CHECK(line(79, 7.79) ==
        "scoring  25%  25/100 layer runs, 2.5/s  30 s left, 7.8x saved by sharing");
  CHECK(line(60, 7.79) == "scoring  25%  25/100 layer runs, 2.5/s  30 s left");
  CHECK(line(30) == "scoring  25%  30 s left");
  CHECK(line(20) == " 25%  30 s left");
  CHECK(line(5) == " 25%");
  CHECK(line(2) == "");
  CHECK(line(500, 2).size() < 140);
  CHECK(progress_line("a", {0, 10, 0, 1}, 3, 40).find("left") == std::string::npos);
  CHECK(progress_line("a", {10, 10, 1, 1}, 3, 60).find("100%") != std::string::npos);
}

TEST_CASE("a file of lines appears once it is whole, with its lines in order", "[cli][output]") {
  const support::TemporaryFolder folder;
  const auto path = folder.write("results.jsonl", "old");
  const auto line = [](std::size_t number) {
    return std::string(1, static_cast<char>('a' + number));
  };
  const auto files = [&] {
    return std::distance(std::filesystem::directory_iterator(folder.path()), {});
  };
  {
    LineFile file(path, 3, line);
    file.ready(2);
    file.ready(0);
    CHECK(content(path) == "old");
    file.ready(1);
    file.finish();
  }
  CHECK(content(path) == "a\nb\nc\n");
  {
    LineFile interrupted(path, 2, line);
    interrupted.ready(0);
  }
  CHECK(content(path) == "a\nb\nc\n");
  CHECK(files() == 1);
  CHECK(LineFile::is_kept(path));
  CHECK(LineFile::is_kept(folder.path() / "new"));
  CHECK_FALSE(LineFile::is_kept("/dev/null"));
  CHECK_FALSE(LineFile::is_kept(""));
}

TEST_CASE("a stream of lines gets each as soon as those before it are there", "[cli][output]") {
  std::ostringstream text;
  std::streambuf* const standard = std::cout.rdbuf(text.rdbuf());
  std::string after_two, after_three;
  {
    LineFile file("", 3, [](std::size_t number) { return std::to_string(number); });
    file.ready(1);
    file.ready(0);
    after_two = text.str();
    file.ready(2);
    file.finish();
    after_three = text.str();
  }
  std::cout.rdbuf(standard);
  CHECK(after_two == "0\n1\n");
  CHECK(after_three == "0\n1\n2\n");
}

TEST_CASE("output that cannot be written is an error", "[cli][output]") {
  const support::TemporaryFolder folder;
  const auto line = [](std::size_t) { return std::string("x"); };
  CHECK_THROWS_AS(LineFile(folder.path(), 1, line), Error);
  CHECK_THROWS_AS(LineFile(folder.path() / "missing/results.jsonl", 1, line), Error);
  if (std::filesystem::exists("/dev/full")) {
    LineFile full("/dev/full", 1, line);
    CHECK_THROWS_AS(full.ready(0), Error);
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
  CHECK(examples::default_model() == "/h/.cache/painters/SmolLM2-135M-Instruct.Q4_1.gguf");
  setenv("XDG_CACHE_HOME", "/x", 1);
  CHECK(examples::cache_folder() == "/x/painters");
  setenv("PAINTERS_CACHE", "/p", 1);
  CHECK(examples::cache_folder() == "/p");
  CHECK_THROWS_WITH(
      examples::require_default_model(),
      Catch::Matchers::EndsWith("fetch it with cmake/fetch_model.sh or name another with --model"));
  for (int i = 0; i < 3; ++i) {
    if (saved[i].empty())
      unsetenv(names[i]);
    else
      setenv(names[i], saved[i].c_str(), 1);
  }
}
