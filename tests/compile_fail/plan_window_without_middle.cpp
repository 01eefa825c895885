// expect: leaves nothing in the middle of {} layers
#include <painters/plan/combinators.hpp>

using namespace painters;

#ifdef PAINTERS_MISTAKE
constexpr auto plan = Sequence<32>{} | middle<16>(Skip{});
#else
constexpr auto plan = Sequence<32>{} | middle<15>(Skip{});
#endif
