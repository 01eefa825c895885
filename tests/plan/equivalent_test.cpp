#include <painters/plan/equivalent.hpp>

#include <painters/plan/combinators.hpp>
#include <painters/plan/literal.hpp>

#include "plan/random_plan.hpp"
#include "support/catch.hpp"

using namespace painters;

namespace {

static_assert(equivalent("0, 1 x2"_plan, "0, 1, 1"_plan));
static_assert(equivalent("(0, (1, 2) x2) x2"_plan, "0, 1, 2, 1, 2, 0, 1, 2, 1, 2"_plan));
static_assert(equivalent("none x3, 0"_plan, "0"_plan));
static_assert(equivalent("mean(3)"_plan, "3"_plan) && equivalent("mean(3 * 5)"_plan, "3"_plan));
static_assert(equivalent("sum(3, none)"_plan, "3"_plan));
static_assert(equivalent("mean(mean(3), 4 x2)"_plan, "mean(3, (4, 4))"_plan));
static_assert(equivalent("mean(3, 4)"_plan, "mean(4 * 2, 3 * 2)"_plan));
static_assert(equivalent("mean(3, 3)"_plan, "3"_plan));
static_assert(equivalent("sum(3 * 0.5)"_plan, "mean(none, 3)"_plan));
static_assert(equivalent("sum(3, 4 * 0)"_plan, "3"_plan));

static_assert(!equivalent("0, 1"_plan, "1, 0"_plan));
static_assert(!equivalent("0, 1"_plan, "0, 1, 1"_plan));
static_assert(!equivalent("mean(3, 4)"_plan, "sum(3, 4)"_plan));
static_assert(!equivalent("mean(3, 4 * 2)"_plan, "mean(3, 4)"_plan));
static_assert(!equivalent("3"_plan, "3.attention, 3.ffn"_plan));
static_assert(!equivalent("sum(3 * 0.5)"_plan, "3"_plan));

}  // namespace

TEST_CASE("equal plans are equivalent, and so are loops and their calls one by one",
          "[plan][equivalent]") {
  REQUIRE(rc::check([] {
    const Plan plan = *testing::random_plan();
    const Plan other = *testing::random_plan();
    RC_ASSERT(equivalent(plan, plan));
    RC_ASSERT(equivalent(plan | Loop{3}, sequence(plan, plan, plan)));
    RC_ASSERT(equivalent(mean(plan), plan) && equivalent(sum(plan), plan));
    RC_ASSERT(equivalent(mean(plan, other), mean(other, plan)));
    RC_ASSERT(equivalent(plan, other) == equivalent(other, plan));
  }));
}

TEST_CASE("plans that cannot run are refused rather than compared", "[plan][equivalent]") {
  CHECK_THROWS_AS(equivalent(mean(call(0) * 0.0f), call(0)), UsageError);
}
