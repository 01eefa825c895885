// expect: column_of_the_mistake
#include <painters/plan/literal.hpp>

using namespace painters;

#ifdef PAINTERS_MISTAKE
constexpr auto plan = "0..12, men(13)"_plan;
#else
constexpr auto plan = "0..12, mean(13)"_plan;
#endif
