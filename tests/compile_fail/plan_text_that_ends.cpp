// expect: expected ',' or ')', found the end of the text
//
// column: 16
#include <painters/plan/literal.hpp>

using namespace painters;

#ifdef PAINTERS_MISTAKE
constexpr auto plan = "0, mean(13..19 "_plan;  // here
#else
constexpr auto plan = "0, mean(13..19) "_plan;
#endif

void plan_text_that_ends() { parse_plan("0, mean(13..19 "); }
