// expect: painters: expected a combinator such as Reverse<13, 19>{}, or a function that can be
// called as Plan(PlanView), found neither (is its operator() const?)
#include <painters/plan/combinators.hpp>

using namespace painters;

struct Twice {
#ifdef PAINTERS_MISTAKE
  constexpr Plan operator()(PlanView plan) { return sequence(plan, plan); }
#else
  constexpr Plan operator()(PlanView plan) const { return sequence(plan, plan); }
#endif
};

const auto plan = Sequence<32>{} | Twice{};  // here
