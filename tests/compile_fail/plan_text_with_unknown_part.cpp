// expect: expected {}, found '{}'
//
// when compiling: expected a part of a layer: attention, ffn or part and its number, found
// something else
//
// found: a part of a layer: attention, ffn or part and its number | attn
//
// column: 11
#include <painters/plan/literal.hpp>

using namespace painters;

#ifdef PAINTERS_MISTAKE
constexpr auto plan = "0..12, 13.attn"_plan;  // here
#else
constexpr auto plan = "0..12, 13.attention"_plan;
#endif

void plan_text_with_unknown_part() { parse_plan("0..12, 13.attn"); }
