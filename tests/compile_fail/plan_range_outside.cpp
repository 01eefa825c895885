// expect: the range {}..{} is outside the plan, which has {} top-level elements, counted from 0
//
// found: 13 | 40 | 32
#include <painters/plan/combinators.hpp>

using namespace painters;

#ifdef PAINTERS_MISTAKE
constexpr auto plan = Sequence<32>{} | Reverse<13, 40>{};  // here
#else
constexpr auto plan = Sequence<32>{} | Reverse<13, 31>{};
#endif

void plan_range_outside() { Sequence{32} | Reverse{13, 40}; }
