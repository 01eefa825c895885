// expect: the plan stands on the left
#include <painters/plan/combinators.hpp>

using namespace painters;

#ifdef PAINTERS_MISTAKE
constexpr auto plan = Reverse<>{} | Sequence<32>{};
#else
constexpr auto plan = Sequence<32>{} | Reverse<>{};
#endif
