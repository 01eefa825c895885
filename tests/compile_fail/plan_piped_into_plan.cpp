// expect: to run one plan after another write sequence
#include <painters/plan/combinators.hpp>

using namespace painters;

#ifdef PAINTERS_MISTAKE
constexpr auto plan = Sequence<32>{} | Sequence<3>{};
#else
constexpr auto plan = sequence(Sequence<32>{}, Sequence<3>{});
#endif
