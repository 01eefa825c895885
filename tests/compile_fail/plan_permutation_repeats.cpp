// expect: a permutation names each position once, found {} twice
//
// found: 1
#include <painters/plan/combinators.hpp>

using namespace painters;

#ifdef PAINTERS_MISTAKE
constexpr auto plan = Sequence<32>{} | Permute<1, 2, 1>{};  // here
#else
constexpr auto plan = Sequence<32>{} | Permute<1, 2, 0>{};
#endif

void plan_permutation_repeats() { Sequence{32} | Permute{1, 2, 1}; }
