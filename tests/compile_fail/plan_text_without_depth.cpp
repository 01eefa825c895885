// expect: @{} needs the number of layers: add the argument layers=32
//
// when compiling: a method needs the number of layers: add the argument layers=32
//
// found: skip
//
// column: 1
#include <painters/plan/literal.hpp>

using namespace painters;

#ifdef PAINTERS_MISTAKE
constexpr auto plan = "@skip(start=12)"_plan;  // here
#else
constexpr auto plan = "@skip(start=12, layers=32)"_plan;
#endif

void plan_text_without_depth() { parse_plan("@skip(start=12)"); }
