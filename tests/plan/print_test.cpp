#include <string_view>

#include <painters/plan/literal.hpp>
#include <painters/plan/parse.hpp>
#include <painters/plan/print.hpp>

#include "plan/random_plan.hpp"
#include "support/catch.hpp"

using namespace painters;

namespace {

/// Whether a text is what its plan prints: canonical.
template <plan_detail::FixedText text>
constexpr bool is_canonical() {
  constexpr auto plan = operator""_plan<text>();
  return text_of<plan> == text.view();
}

static_assert(is_canonical<"none">());
static_assert(is_canonical<"0..12, mean(13..19) x3, 20..31">());
static_assert(is_canonical<"0..12, 19..13, 20..31">());
static_assert(is_canonical<"16 x7">());
static_assert(is_canonical<"(13..19) x3">());
static_assert(is_canonical<"each(13..19) x2">());
static_assert(is_canonical<"13 x2, 14 x2">());
static_assert(is_canonical<"(5 x2) x3">());
static_assert(is_canonical<"mean((13..15), (16..19))">());
static_assert(is_canonical<"mean((13..15))">());
static_assert(is_canonical<"mean(13 * 0.7, 14 * 0.3)">());
static_assert(is_canonical<"mean(none, each(3..6) x2 * 0.5, none * 2)">());
static_assert(is_canonical<"sum(each(0..4) * 0.2, (5, 6) * 0.2)">());
static_assert(is_canonical<"sum((13 x2, 14) x3 * -0.5)">());
static_assert(is_canonical<"13.attention, 13.ffn, 13.part3">());
static_assert(is_canonical<"0..12.ffn, 13..15">());
static_assert(is_canonical<"mean(mean(1, 2), sum(3))">());
static_assert(is_canonical<"none x3">());
static_assert(is_canonical<"0, 1, 0, 1">());

}  // namespace

TEST_CASE("what is printed is read as the same plan", "[plan][print]") {
  REQUIRE(rc::check([] {
    const Plan plan = *testing::random_plan();
    RC_ASSERT(parse_plan(to_string(plan), testing::random_layers) == plan);
  }));
}

TEST_CASE("different spellings print alike", "[plan][print]") {
  REQUIRE(to_string("0,1,2,(3),each(4..5)"_plan) == "0..5");
  REQUIRE(to_string("mean(13,14,15)"_plan) == "mean(13..15)");
  REQUIRE(to_string("mean((13 x2), (14) * 1)"_plan) == "mean(13 x2, 14)");
  REQUIRE(to_string("@looped_parallel(start=12, repeats=3, layers=32)"_plan) ==
          "0..12, mean(13..19) x3, 20..31");
}
