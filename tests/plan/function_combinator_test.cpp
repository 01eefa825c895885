// Functions as combinators: anything that can be called as Plan(PlanView).
#include <painters/plan/combinator.hpp>

#include <cstddef>
#include <string>

#include <painters/plan/combinators.hpp>
#include <painters/plan/literal.hpp>
#include <painters/plan/queries.hpp>

#include "support/catch.hpp"

using namespace painters;

namespace {

constexpr auto all = Sequence<6>{};

/// Every other element.
constexpr auto thin = [](PlanView plan) {
  Plan out;
  bool kept = false;
  for (std::size_t i = 0; i < plan.size(); i = plan.next(i))
    if ((kept = !kept)) out.append(plan.subtree(i));
  return out;
};
struct Twice {
  static constexpr std::size_t capacity(std::size_t nodes) { return 2 * nodes; }
  constexpr Plan operator()(const Plan& plan) const { return sequence(plan, plan); }
};
constexpr auto hundred = [](PlanView) { return Sequence{100}; };

constexpr auto thinned = all | thin;  // a plan of static capacity stays one
static_assert(thinned == "0, 2, 4"_plan);
static_assert(StaticPlanLike<decltype(thinned)>);
static_assert(exact<thinned>.capacity == 3);
static_assert((all | Twice{}).capacity == 12);
static_assert((PlanView(all) | thin) == thinned && (Plan(all) | thin) == thinned);

// It composes like any other, on either side.
static_assert((all | thin | Reverse{}) == "4, 2, 0"_plan);
static_assert((all | (Skip<0>{} | thin)) == "1, 3, 5"_plan);
static_assert((all | (thin | Skip<0>{})) == "2, 4"_plan);
static_assert((all | (Skip<0>{} | thin | Twice{} | Reverse{})) == "5, 3, 1, 5, 3, 1"_plan);
static_assert((all | (thin | (Skip<0>{} | Twice{}))) == "2, 4, 2, 4"_plan);
static_assert((all | window<1, 4>(thin)) == "0, 1, 3, 5"_plan);
static_assert((all | window(1, 4, thin)) == "0, 1, 3, 5"_plan);
static_assert((all | middle<1>(thin)) == "0..2, 4..5"_plan);
static_assert((all | middle(1, thin)) == (all | middle<1>(thin)));
static_assert((all | window<1, 2>(each(Twice{}))) == "0, 1, 1, 2, 2, 3..5"_plan);

static_assert(PlanChange<Twice> && !Combinator<Twice> && CombinatorLike<Twice>);
static_assert(!PlanChange<Reverse<>> && !PlanChange<Plan> && !PlanChange<std::string>);

constexpr Plan reversed(PlanView plan) { return plan | Reverse{}; }
static_assert((all | &reversed) == (all | Reverse{}));
static_assert((all | reversed | reversed) == all);
static_assert((all | (Skip<5>{} | reversed)) == "4..0"_plan);

}  // namespace

TEST_CASE("what a function captures decides what it makes of a plan", "[plan][combinator]") {
  std::size_t times = 2;
  const auto some = [&times](PlanView plan) { return plan | Loop{times}; };
  CHECK((Sequence{3} | some) == "(0..2) x2"_plan);
  times = 3;
  CHECK((Sequence{3} | Reverse{} | some) == "(2..0) x3"_plan);
  CHECK((all | some) == "(0..5) x3"_plan);
}

TEST_CASE("a function may make any plan of a Plan, and one with room of a plan of static capacity",
          "[plan][combinator]") {
  CHECK((Plan(all) | hundred) == Sequence{100});
  CHECK_THROWS_WITH(
      all | hundred,
      "a function after | makes a plan of 100 nodes, but there is room for 40: pipe a Plan into "
      "it, Plan(plan) | f, or give it a member capacity(nodes)");
}
