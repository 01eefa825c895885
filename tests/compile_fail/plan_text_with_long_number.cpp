// expect: expected {}, found a number of more than 64 bits
//
// when compiling: expected a layer number, found a number of more than 64 bits
//
// found: a layer number
//
// column: 4
#include <painters/plan/literal.hpp>

using namespace painters;

#ifdef PAINTERS_MISTAKE
constexpr auto plan = "0, 1234567890123456789012"_plan;  // here
#else
constexpr auto plan = "0, 12"_plan;
#endif

void plan_text_with_long_number() { parse_plan("0, 1234567890123456789012"); }
