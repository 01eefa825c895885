// expect: a range with x could mean two things
#include <painters/plan/literal.hpp>

using namespace painters;

#ifdef PAINTERS_MISTAKE
constexpr auto plan = "0, 13..19 x3"_plan;
#else
constexpr auto plan = "0, (13..19) x3"_plan;
#endif
