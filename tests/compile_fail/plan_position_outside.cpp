// expect: position {} is outside the plan, which has {} top-level elements, counted from 0
//
// found: 32 | 30
#include <painters/plan/combinators.hpp>

using namespace painters;

#ifdef PAINTERS_MISTAKE
constexpr auto plan = Sequence<30>{} | Swap<13, 32>{};  // here
#else
constexpr auto plan = Sequence<30>{} | Swap<13, 14>{};
#endif

void plan_position_outside() { Sequence{30} | Swap{13, 32}; }
