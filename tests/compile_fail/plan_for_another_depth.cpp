// expect: the plan is made for {} layers, but the model has {}
//
// found: 32 | 30
//
// column: 17
#include <painters/plan/parse.hpp>

using namespace painters;

#ifdef PAINTERS_MISTAKE
constexpr auto size = parse_plan("@skip(start=12, layers=32)", 30).size();  // here
#else
constexpr auto size = parse_plan("@skip(start=12, layers=32)", 32).size();
#endif

void plan_for_another_depth() { parse_plan("@skip(start=12, layers=32)", 30); }
