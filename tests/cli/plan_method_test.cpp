#include "cli/plan_method.hpp"

#include "support/catch.hpp"

using namespace painters::cli;

TEST_CASE("plans are summed up by the paper's method that they are", "[cli][plan]") {
  CHECK(method_of("@baseline") == "@baseline");
  CHECK(method_of("@skip(start=3)") == "@skip");
  CHECK(method_of("@looped_parallel(start=3, repeats=2)") == "@looped_parallel");
  CHECK(method_of("@skip(start=3), 4") == "other plans");
  CHECK(method_of("@baseline, 4") == "other plans");
  CHECK(method_of("@skip(start=3) x2") == "other plans");
  CHECK(method_of("0, @skip(start=3)") == "other plans");
  CHECK(method_of("0..31") == "other plans");
  CHECK(method_of("") == "other plans");
}
