// expect: start {} leaves nothing in the middle of {} layers: a start s needs 2s + 2 layers or more
//
// found: 16 | 32
#include <painters/plan/combinators.hpp>

using namespace painters;

#ifdef PAINTERS_MISTAKE
constexpr auto plan = Sequence<32>{} | middle<16>(Skip{});  // here
#else
constexpr auto plan = Sequence<32>{} | middle<15>(Skip{});
#endif

void plan_window_without_middle() { Sequence{32} | middle(16, Skip{}); }
