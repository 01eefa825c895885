// Loop repeats the block, Repeat each element, each applies any combinator to each element.
#include <painters/plan/combinators.hpp>
#include <painters/plan/literal.hpp>
#include <painters/plan/stream.hpp>

#include "support/catch.hpp"

using namespace painters;

namespace {

constexpr auto all = Sequence<8>{};

static_assert((all | window<2, 4>(Loop<3>{})) == "0, 1, (2..4) x3, 5..7"_plan);
static_assert((all | window<2, 4>(Repeat<3>{})) == "0, 1, each(2..4) x3, 5..7"_plan);
static_assert((all | Repeat<2>{}) == (all | each(Loop<2>{})));
static_assert((call(5) | Loop<7>{}) == "5 x7"_plan);
static_assert((call(5) | Loop<2>{} | Loop<3>{}) == "(5 x2) x3"_plan);
static_assert((StaticPlan<0>{} | Loop<3>{}) == "none x3"_plan);
static_assert((StaticPlan<0>{} | Repeat<3>{}) == "none"_plan);

}  // namespace

TEST_CASE("run-time counts give what compile-time counts give", "[plan][loop]") {
  REQUIRE((all | Loop{3}) == (all | Loop<3>{}));
  REQUIRE((all | Repeat{3}) == (all | Repeat<3>{}));
}

TEST_CASE("a loop of zero times or of far too many is refused", "[plan][loop]") {
  REQUIRE_THROWS_WITH(
      (all | Loop{0}),
      "a loop runs its body at least once, found 0 times: leave elements out instead");
  REQUIRE_THROWS_WITH(
      (all | Repeat{0}),
      "a loop runs its body at least once, found 0 times: leave elements out instead");
  REQUIRE_THROWS_WITH((all | Loop{std::uint64_t(1) << 40}),
                      "a loop runs its body at most 10000000 times, found 1099511627776");
}
