#include <cstddef>
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
constexpr bool appends_itself() {
  Plan plan = Sequence{3};
  plan.append(plan);
  return plan == sequence(Sequence<3>{}, Sequence<3>{});
}
static_assert(appends_itself());
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
      "the plan has 3 nodes, but there is room for 2: take a StaticPlan of a larger capacity");
}

TEST_CASE("a plan cannot grow beyond max_nodes", "[plan]") {
  Plan plan = Sequence{max_nodes};
  REQUIRE(plan.size() == max_nodes);
  REQUIRE_THROWS_WITH(plan.append(call(0)), "a plan has at most 1000000 nodes, found more");
}

TEST_CASE("a plan can be appended to itself, whole or in part", "[plan]") {
  Plan plan = Sequence{5};
  Plan expected = plan;
  for (int doubled = 0; doubled < 10; ++doubled) {  // with room to spare and without
    const Plan copy = expected;
    plan.append(plan);
    expected.append(copy);
    REQUIRE(plan == expected);
    const PlanView view = plan;
    plan.append(PlanView(view.data() + 1, 3));
    expected.append(Sequence<1, 3>{});
    REQUIRE(plan == expected);
    plan.append(plan[2]);
    expected.append(call(2));
    REQUIRE(plan == expected);
  }
}
