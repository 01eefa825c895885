// expect: first_is_not_after_last<19, 13>
#include <painters/plan/combinators.hpp>

using namespace painters;

#ifdef PAINTERS_MISTAKE
constexpr auto plan = Sequence<32>{} | Reverse<19, 13>{};
#else
constexpr auto plan = Sequence<32>{} | Reverse<13, 19>{};
#endif
