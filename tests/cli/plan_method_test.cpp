#include "cli/plan_method.hpp"

#include <algorithm>
#include <string>

#include "support/catch.hpp"

using namespace painters::cli;

TEST_CASE("plans are summed up by the paper's method that they name", "[cli][plan]") {
  CHECK(method_of("@baseline") == "@baseline");
  CHECK(method_of("@skip(start=3)") == "@skip");
  CHECK(method_of(" @skip ( start = 3, layers=32 )") == "@skip");
  CHECK(method_of("@looped_parallel(start=3, repeats=2)") == "@looped_parallel");
  CHECK(method_of("@skip(start=3), 4") == "other plans");
  CHECK(method_of("@baseline, 4") == "other plans");
  CHECK(method_of("@skip(start=3) x2") == "other plans");
  CHECK(method_of("0, @skip(start=3)") == "other plans");
  CHECK(method_of("0..31") == "other plans");
  CHECK(method_of("") == "other plans");
}

TEST_CASE("the help names every method of the paper with an example", "[cli][plan]") {
  const std::string help = methods_help();
  CHECK(static_cast<std::size_t>(std::count(help.begin(), help.end(), '\n')) ==
        painters::paper::methods.size());
  CHECK(help.find("\n  @random(start=12, seed=3) ") != std::string::npos);
}
