// expect: a parallel group has at least one branch
#include <painters/plan/combinators.hpp>

using namespace painters;

#ifdef PAINTERS_MISTAKE
constexpr auto plan = Sequence<0>{} | ParallelMean{};
#else
constexpr auto plan = call(3) | ParallelMean{};
#endif
