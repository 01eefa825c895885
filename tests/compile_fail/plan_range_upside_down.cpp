// expect: a range of positions goes up, found {}..{}: write the smaller one first
//
// found: 19 | 13
#include <painters/plan/combinators.hpp>

using namespace painters;

#ifdef PAINTERS_MISTAKE
constexpr auto plan = Sequence<32>{} | Reverse<19, 13>{};  // here
#else
constexpr auto plan = Sequence<32>{} | Reverse<13, 19>{};
#endif

void plan_range_upside_down() { Sequence{32} | Reverse{19, 13}; }
