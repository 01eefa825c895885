// expect: expected {}, found '{}'
//
// when compiling: expected a layer, a range such as 0..12, (...), each(...), mean(...), sum(...),
// @method or none, found something else
//
// found: a layer, a range such as 0..12, (...), each(...), mean(...), sum(...), @method or none |
// men
//
// column: 8
#include <painters/plan/literal.hpp>

using namespace painters;

#ifdef PAINTERS_MISTAKE
constexpr auto plan = "0..12, men(13)"_plan;  // here
#else
constexpr auto plan = "0..12, mean(13)"_plan;
#endif

void plan_text_with_unknown_word() { parse_plan("0..12, men(13)"); }
