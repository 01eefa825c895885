#include <type_traits>

#include <painters/plan/combinators.hpp>

#include "support/catch.hpp"

using namespace painters;

namespace {

constexpr auto all = Sequence<32>{};
constexpr auto looped = all | window<13, 19>(ParallelMean{} | Loop<3>{});

template <auto plan>
struct Named {
  static constexpr std::size_t size = plan.size();
};

static_assert(sizeof(Node) == 16);
static_assert(StaticPlan<0>{} == Plan());
static_assert(StaticPlan<5>(call(3)) == StaticPlan<9>(call(3)));
static_assert(!(StaticPlan<5>(call(3)) == StaticPlan<9>(call(4))));
static_assert(PlanView(looped) == looped && looped == PlanView(looped));
static_assert(looped.capacity > looped.size());
static_assert(exact<looped>.capacity == looped.size());
static_assert(
    std::is_same_v<Named<exact<looped>>,
                   Named<exact<all | window<13, 19>(ParallelMean{} | Loop<3>{} | Loop<1>{})>>>);
static_assert(Named<exact<all>>::size == 32);
static_assert(StaticPlanLike<Sequence<3>> && !StaticPlanLike<Plan> && !StaticPlanLike<PlanView>);

}  // namespace

TEST_CASE("plans are equal when their contents are, whatever holds them", "[plan]") {
  const Plan dynamic = looped;
  REQUIRE(dynamic == looped);
  REQUIRE(looped == dynamic);
  REQUIRE(PlanView(dynamic) == dynamic);
  REQUIRE_FALSE(dynamic == all);
}

TEST_CASE("a plan that is too large for its place is refused", "[plan]") {
  const Plan three = Sequence{3};
  REQUIRE(StaticPlan<3>(three) == three);
  REQUIRE_THROWS_WITH(
      StaticPlan<2>(three),
      "the plan has 3 nodes, its place has room for 2: take a StaticPlan of that capacity");
}

TEST_CASE("a plan cannot grow beyond max_nodes", "[plan]") {
  Plan plan = Sequence{max_nodes};
  REQUIRE(plan.size() == max_nodes);
  REQUIRE_THROWS_WITH(plan.append(call(0)), "a plan has at most 1000000 nodes, found more");
}
