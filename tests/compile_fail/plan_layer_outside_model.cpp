// expect: layers_are_there<32, 30>
#include <painters/plan/literal.hpp>

using namespace painters;

#ifdef PAINTERS_MISTAKE
static_assert(validate<"0..31"_plan, 30>());
#else
static_assert(validate<"0..29"_plan, 30>());
#endif
