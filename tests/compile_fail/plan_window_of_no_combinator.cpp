// expect: painters: expected a combinator such as Reverse<13, 19>{}, or a function that can be
// called as Plan(PlanView), found neither (is its operator() const?)
#include <painters/plan/combinators.hpp>

using namespace painters;

#ifdef PAINTERS_MISTAKE
const auto change = window<13, 19>(Sequence<3>{});  // here
#else
const auto change = window<13, 19>(Reverse{});
#endif
