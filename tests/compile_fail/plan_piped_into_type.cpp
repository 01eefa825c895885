// expect: Sequence<32>{} | Reverse<13, 19>;
#include <painters/plan/combinators.hpp>

using namespace painters;

#ifdef PAINTERS_MISTAKE
constexpr auto plan = Sequence<32>{} | Reverse<13, 19>;  // here
#else
constexpr auto plan = Sequence<32>{} | Reverse<13, 19>{};
#endif
