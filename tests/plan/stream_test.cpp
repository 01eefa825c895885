#include <sstream>

#include <painters/plan/combinators.hpp>
#include <painters/plan/stream.hpp>

#include "support/catch.hpp"

using namespace painters;

TEST_CASE("plans are streamed as their text, whatever holds them", "[plan][stream]") {
  const auto plan = Sequence<32>{} | Reverse<13, 19>{};
  std::ostringstream out;
  out << plan << '\n' << Plan(plan) << '\n' << PlanView(plan) << '\n' << Sequence<3>{};
  REQUIRE(out.str() == "0..12, 19..13, 20..31\n0..12, 19..13, 20..31\n0..12, 19..13, 20..31\n0..2");
}
