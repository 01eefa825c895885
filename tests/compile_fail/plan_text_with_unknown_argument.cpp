// expect: @{} is written {}, with layers=32 where the depth is not known; found {}
//
// when compiling: this method has no such argument: methods have start, layer, seed or repeats, as
// in @random(start=12, seed=3), and layers=32 where the depth is not known
//
// found: skip | @skip(start=12) | strat
//
// column: 7
#include <painters/plan/literal.hpp>

using namespace painters;

#ifdef PAINTERS_MISTAKE
constexpr auto plan = "@skip(strat=12, layers=32)"_plan;  // here
#else
constexpr auto plan = "@skip(start=12, layers=32)"_plan;
#endif

void plan_text_with_unknown_argument() { parse_plan("@skip(strat=12, layers=32)"); }
