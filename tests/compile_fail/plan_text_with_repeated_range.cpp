// expect: a range with x could mean two things: write (13..19) x3 to repeat the block, each(13..19)
// x3 for each layer
//
// column: 11
#include <painters/plan/literal.hpp>

using namespace painters;

#ifdef PAINTERS_MISTAKE
constexpr auto plan = "0, 13..19 x3"_plan;  // here
#else
constexpr auto plan = "0, (13..19) x3"_plan;
#endif

void plan_text_with_repeated_range() { parse_plan("0, 13..19 x3"); }
