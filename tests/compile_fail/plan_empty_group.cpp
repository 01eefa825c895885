// expect: a parallel group has at least one branch, found none: leave the group out
#include <painters/plan/combinators.hpp>

using namespace painters;

#ifdef PAINTERS_MISTAKE
constexpr auto plan = Sequence<0>{} | ParallelMean{};  // here
#else
constexpr auto plan = call(3) | ParallelMean{};
#endif

void plan_empty_group() { Sequence{0} | ParallelMean{}; }
