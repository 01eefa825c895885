// expect: expected {}, found '{}'
//
// when compiling: expected a method: baseline, skip, reverse, middle_repeat, random,
// looped_parallel, skip_one, switch_two, double_repeat or triple_repeat, found something else
//
// found: a method: baseline, skip, reverse, middle_repeat, random, looped_parallel, skip_one,
// switch_two, double_repeat or triple_repeat | skpi
//
// column: 2
#include <painters/plan/literal.hpp>

using namespace painters;

#ifdef PAINTERS_MISTAKE
constexpr auto plan = "@skpi(start=12, layers=32)"_plan;  // here
#else
constexpr auto plan = "@skip(start=12, layers=32)"_plan;
#endif

void plan_text_with_unknown_method() { parse_plan("@skpi(start=12, layers=32)"); }
