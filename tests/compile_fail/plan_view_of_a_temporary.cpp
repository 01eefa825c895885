// only a warning of clang
//
// expect: temporary whose address is used as value of local variable 'reversed' will be destroyed
#include <cstddef>

#include <painters/plan/reverse.hpp>
#include <painters/plan/sequence.hpp>

using namespace painters;

std::size_t nodes(PlanView plan) { return plan.size(); }

std::size_t f() {
  constexpr auto all = Sequence<4>{};
#ifdef PAINTERS_MISTAKE
  const PlanView reversed = all | Reverse{1, 3};  // here
#else
  const auto reversed = all | Reverse{1, 3};
#endif
  return nodes(reversed) + nodes(all | Reverse{1, 3});
}
