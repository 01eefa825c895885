// expect: a loop runs its body at least once, found 0 times: leave elements out instead
#include <painters/plan/combinators.hpp>

using namespace painters;

#ifdef PAINTERS_MISTAKE
constexpr auto plan = Sequence<32>{} | Loop<0>{};  // here
#else
constexpr auto plan = Sequence<32>{} | Loop<2>{};
#endif

void plan_loop_of_no_times() { Sequence{32} | Loop{0}; }
