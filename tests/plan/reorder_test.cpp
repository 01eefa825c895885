// Skip, Reverse, Permute and Swap: which element ends up where.
#include <painters/plan/literal.hpp>
#include <painters/plan/permute.hpp>
#include <painters/plan/reverse.hpp>
#include <painters/plan/skip.hpp>
#include <painters/plan/stream.hpp>
#include <painters/plan/swap.hpp>

#include "support/catch.hpp"

using namespace painters;

namespace {

constexpr auto all = Sequence<32>{};
constexpr auto nested = "0, (1, 2) x3, mean(3, 4), 5"_plan;

static_assert((all | Skip<13, 19>{}) == "0..12, 20..31"_plan);
static_assert((all | Skip<0>{}) == "1..31"_plan);
static_assert((all | Skip<0, 31>{}) == "none"_plan);
static_assert((all | Skip{}) == "none"_plan);
static_assert((nested | Skip<1>{}) == "0, mean(3, 4), 5"_plan);
static_assert((all | Reverse<13, 19>{}) == "0..12, 19..13, 20..31"_plan);
static_assert((nested | Reverse{}) == "5, mean(3, 4), (1, 2) x3, 0"_plan);
static_assert((all | Permute<15, 13, 14>{}) == "0..12, 15, 13, 14, 16..31"_plan);
static_assert((Sequence<5>{} | Permute<3, 1, 2>{}) == "0, 3, 1, 2, 4"_plan);
static_assert((Sequence<5>{} | Permute<3, 1>{}) == "0, 3, 2, 1, 4"_plan);
static_assert((Sequence<5>{} | Permute<1, 3>{}) == Sequence<5>{});
static_assert((all | Permute<31, 0>{}) == "31, 1..30, 0"_plan);
static_assert((nested | Permute<2, 3, 0, 1>{}) == "mean(3, 4), 5, 0, (1, 2) x3"_plan);
static_assert((all | Swap<13, 20>{}) == "0..12, 20, 14..19, 13, 21..31"_plan);
static_assert((all | Permute{15, 13, 14}) == (all | Permute<15, 13, 14>{}));
static_assert((nested | Permute{}) == nested);
static_assert((Sequence<0>{} | Reverse{}) == "none"_plan);

}  // namespace

TEST_CASE("run-time numbers give what compile-time numbers give", "[plan][reorder]") {
  const Plan plan = all;
  REQUIRE((plan | Skip{13, 19}) == (all | Skip<13, 19>{}));
  REQUIRE((plan | Skip{7}) == (all | Skip<7>{}));
  REQUIRE((plan | Reverse{13, 19}) == (all | Reverse<13, 19>{}));
  REQUIRE((plan | Permute{std::vector<std::size_t>{15, 13, 14}}) == (all | Permute<15, 13, 14>{}));
  REQUIRE((plan | Swap{13, 20}) == (all | Swap<13, 20>{}));
}

TEST_CASE("positions outside the plan and wrong permutations are refused", "[plan][reorder]") {
  const Plan plan = all;
  REQUIRE_THROWS_AS((plan | Reverse{13, 32}), UsageError);
  REQUIRE_THROWS_WITH(
      (plan | Reverse{13, 32}),
      "the range 13..32 is outside the plan, which has 32 top-level elements, counted from 0");
  REQUIRE_THROWS_WITH((plan | Skip{19, 13}),
                      "a range of positions goes up, found 19..13: write the smaller one first");
  REQUIRE_THROWS_WITH(
      (Plan() | Skip{0}),
      "the range 0..0 is outside the plan, which has 0 top-level elements, counted from 0");
  REQUIRE_THROWS_WITH(
      (plan | Swap{3, 40}),
      "position 40 is outside the plan, which has 32 top-level elements, counted from 0");
  REQUIRE_THROWS_WITH(
      (plan | Permute{3, 40}),
      "position 40 is outside the plan, which has 32 top-level elements, counted from 0");
  REQUIRE_THROWS_WITH((plan | Permute{3, 4, 3}),
                      "a permutation names each position once, found 3 twice");
}
