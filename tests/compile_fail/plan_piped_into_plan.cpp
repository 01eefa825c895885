// expect: painters: plan | plan: what follows | is a combinator such as Reverse<13, 19>{}; to run
// one plan after another write sequence(a, b)
#include <painters/plan/combinators.hpp>

using namespace painters;

#ifdef PAINTERS_MISTAKE
constexpr auto plan = Sequence<32>{} | Sequence<3>{};  // here
#else
constexpr auto plan = sequence(Sequence<32>{}, Sequence<3>{});
#endif
