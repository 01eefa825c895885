// expect: a function after | makes a plan of {} nodes, but there is room for {}: pipe a Plan into
// it, Plan(plan) | f, or give it a member capacity(nodes)
//
// found: 50 | 24
#include <painters/plan/combinators.hpp>

using namespace painters;

constexpr auto layers = [](PlanView) { return Sequence{50}; };

#ifdef PAINTERS_MISTAKE
constexpr auto plan = Sequence<2>{} | layers;  // here
#else
constexpr auto plan = Sequence<20>{} | layers;
#endif

void plan_function_without_room() { Sequence<2>{} | layers; }
