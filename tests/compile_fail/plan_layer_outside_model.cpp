// expect: the plan names layer {}, but the model has {} layers, counted from 0
//
// found: 31 | 30
#include <painters/plan/literal.hpp>

using namespace painters;

#ifdef PAINTERS_MISTAKE
static_assert(validate<"0..29, 31"_plan, 30>());  // here
#else
static_assert(validate<"0..29"_plan, 30>());
#endif

void plan_layer_outside_model() { validate(parse_plan("0..29, 31"), 30); }
