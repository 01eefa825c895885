#include <painters/plan/combinators.hpp>
#include <painters/plan/literal.hpp>
#include <painters/plan/stream.hpp>

#include "support/catch.hpp"

using namespace painters;

namespace {

constexpr auto all = Sequence<32>{};

static_assert((all | window<13, 19>(ParallelMean{} | Loop<3>{})) ==
              "0..12, mean(13..19) x3, 20..31"_plan);
static_assert((all | window<0, 31>(Reverse{})) == "31..0"_plan);
static_assert((all | window<4, 4>(Loop<2>{})) == "0..3, 4 x2, 5..31"_plan);
static_assert((all | window<2, 9>(window<1, 3>(Reverse{}))) == "0..2, 5..3, 6..31"_plan,
              "windows nest");
static_assert((all | window<0, 2>(ParallelMean{}) | window<1, 2>(Loop<2>{})) ==
                  "mean(0..2), (3, 4) x2, 5..31"_plan,
              "a group is one element");
static_assert((all | middle<12>(Skip{})) == "0..12, 20..31"_plan);

constexpr bool is(PaperWindow w, std::size_t first, std::size_t last, std::size_t count) {
  return w.first == first && w.last == last && w.count == count;
}
static_assert(is(paper_window(32, 15), 16, 16, 1));
static_assert(is(paper_window(32, 13), 14, 18, 5));
static_assert(is(paper_window(32, 0), 1, 31, 31));
static_assert(is(paper_window(24, 11), 12, 12, 1));
static_assert(is(paper_window(31, 14), 15, 16, 2));
static_assert(is(paper_window(2, 0), 1, 1, 1));

}  // namespace

TEST_CASE("run-time windows give what compile-time windows give", "[plan][window]") {
  const Plan plan = all;
  REQUIRE((plan | window(13, 19, Reverse{})) == (all | window<13, 19>(Reverse{})));
  REQUIRE((plan | middle(12, Reverse{})) == (all | middle<12>(Reverse{})));
}

TEST_CASE("a window outside the plan or without a middle is refused", "[plan][window]") {
  REQUIRE_THROWS_WITH(
      (all | window(30, 32, Reverse{})),
      "the range 30..32 is outside the plan, which has 32 top-level elements, counted from 0");
  REQUIRE_THROWS_WITH(
      (all | middle(16, Reverse{})),
      "start 16 leaves nothing in the middle of 32 layers: a start s needs 2s + 2 layers or more");
  for (std::size_t layers = 0; layers < 40; ++layers) {
    if (paper_starts(layers) > 0) REQUIRE(paper_window(layers, paper_starts(layers) - 1).count > 0);
    REQUIRE_THROWS_AS(paper_window(layers, paper_starts(layers)), UsageError);
  }
  REQUIRE_THROWS_AS(paper_window(0, 0), UsageError);
  REQUIRE_THROWS_AS(paper_window(1, 0), UsageError);
  REQUIRE_THROWS_AS(paper_window(32, std::size_t(-1)), UsageError);
}
