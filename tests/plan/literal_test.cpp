#include <painters/plan/combinators.hpp>
#include <painters/plan/literal.hpp>

#include "support/catch.hpp"

using namespace painters::literals;

namespace {

constexpr auto written = "0..12, mean(13..19) x3, 20..31"_plan;
static_assert(written.capacity == written.size());
static_assert(written ==
              (painters::Sequence<32>{} |
               painters::window<13, 19>(painters::ParallelMean{} | painters::Loop<3>{})));
static_assert("none"_plan.size() == 0);

}  // namespace

TEST_CASE("a literal is the plan that its text describes at run time", "[plan][literal]") {
  REQUIRE(written == painters::parse_plan("0..12, mean(13..19) x3, 20..31"));
}
