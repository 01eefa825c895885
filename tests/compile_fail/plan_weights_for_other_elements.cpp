// expect: a weighted group has one weight for each element, found {} weights and {} elements
//
// found: 2 | 3
#include <painters/plan/combinators.hpp>

using namespace painters;

#ifdef PAINTERS_MISTAKE
constexpr auto plan = Sequence<3>{} | WeightedMean<0.7, 0.3>{};  // here
#else
constexpr auto plan = Sequence<2>{} | WeightedMean<0.7, 0.3>{};
#endif

void plan_weights_for_other_elements() { Sequence{3} | WeightedMean{0.7f, 0.3f}; }
