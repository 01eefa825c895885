// The methods written out as the authors' code runs them.
#include <painters/plan/literal.hpp>
#include <painters/plan/paper.hpp>
#include <painters/plan/queries.hpp>
#include <painters/plan/stream.hpp>

#include "support/catch.hpp"

using namespace painters;

namespace {

constexpr auto all = Sequence<32>{};

static_assert((all | paper::baseline()) == all);
static_assert((all | paper::skip(12)) == "0..12, 20..31"_plan);
static_assert((all | paper::reverse(12)) == "0..12, 19..13, 20..31"_plan);
static_assert((all | paper::middle_repeat(12)) == "0..12, 16 x7, 20..31"_plan);
static_assert((all | paper::random(12, 0)) == "0..12, 17, 15, 14, 13, 18, 16, 19, 20..31"_plan);
static_assert((all | paper::looped_parallel(12, 3)) == "0..12, mean(13..19) x3, 20..31"_plan);
static_assert((all | paper::looped_parallel(12, 1)) == "0..12, mean(13..19), 20..31"_plan);
static_assert((all | paper::skip_one(0)) == "1..31"_plan);
static_assert((all | paper::switch_two(30)) == "0..29, 31, 30"_plan);
static_assert((all | paper::double_repeat(13)) == "0..13, each(14..18) x2, 19..31"_plan);
static_assert((all | paper::triple_repeat(13)) == "0..13, each(14..18) x3, 19..31"_plan);

// With one layer in the middle, all but skip and loops are the model itself.
static_assert((all | paper::reverse(15)) == all && (all | paper::random(15, 4)) == all);
static_assert((all | paper::middle_repeat(15)) == all);

}  // namespace

TEST_CASE("middle_repeat repeats layer int(T / 2), for odd T too", "[plan][paper]") {
  for (std::size_t layers = 2; layers < 41; ++layers)
    for (std::size_t start = 0; 2 * start + 2 <= layers; ++start) {
      const Plan plan = Sequence{layers} | paper::middle_repeat(start);
      std::size_t centre_calls = 0;
      for_each_call(plan, [&](const Node& node) { centre_calls += node.value == layers / 2; });
      CAPTURE(layers, start);
      REQUIRE(centre_calls == layers - 2 * start - 1);
      REQUIRE(calls(plan) == layers);
    }
}

TEST_CASE("methods without a middle or outside the model are refused", "[plan][paper]") {
  REQUIRE_THROWS_AS((all | paper::skip(16)), UsageError);
  REQUIRE_THROWS_AS((all | paper::skip_one(32)), UsageError);
  REQUIRE_THROWS_AS((all | paper::switch_two(31)), UsageError);
  REQUIRE_THROWS_AS((all | paper::looped_parallel(12, 0)), UsageError);
}
