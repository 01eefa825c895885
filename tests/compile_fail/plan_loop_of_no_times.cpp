// expect: a loop runs its body at least once
#include <painters/plan/combinators.hpp>

using namespace painters;

#ifdef PAINTERS_MISTAKE
constexpr auto plan = Sequence<32>{} | Loop<0>{};
#else
constexpr auto plan = Sequence<32>{} | Loop<2>{};
#endif
