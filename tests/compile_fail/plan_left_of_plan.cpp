// expect: painters: combinator | plan: the plan stands on the left, plan | combinator
#include <painters/plan/combinators.hpp>

using namespace painters;

#ifdef PAINTERS_MISTAKE
constexpr auto plan = Reverse<>{} | Sequence<32>{};  // here
#else
constexpr auto plan = Sequence<32>{} | Reverse<>{};
#endif
