// expect: painters: expected a combinator such as Reverse<13, 19>{}, or a function that can be
// called as Plan(PlanView), found neither (is its operator() const?)
#include <painters/plan/combinators.hpp>

using namespace painters;

#ifdef PAINTERS_MISTAKE
const auto change = Skip<3>{} | [](int layer) { return call(layer); };  // here
#else
const auto change = Skip<3>{} | [](PlanView plan) { return sequence(plan, plan); };
#endif
