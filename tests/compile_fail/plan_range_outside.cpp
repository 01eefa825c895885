// expect: the range {}..{} is outside the plan
#include <painters/plan/combinators.hpp>

using namespace painters;

#ifdef PAINTERS_MISTAKE
constexpr auto plan = Sequence<32>{} | Reverse<13, 40>{};
#else
constexpr auto plan = Sequence<32>{} | Reverse<13, 31>{};
#endif
