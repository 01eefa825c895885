// expect: a permutation names each position once
#include <painters/plan/combinators.hpp>

using namespace painters;

#ifdef PAINTERS_MISTAKE
constexpr auto plan = Sequence<32>{} | Permute<1, 2, 1>{};
#else
constexpr auto plan = Sequence<32>{} | Permute<1, 2, 0>{};
#endif
