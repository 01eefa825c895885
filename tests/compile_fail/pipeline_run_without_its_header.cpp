// expect: painters: run takes a plan, a network and a state, run(plan, net, x) or run<plan>(net,
// x), and stands in <painters/pipeline/executor.hpp>, which <painters/painters.hpp> includes
#include <painters/pipeline/stack.hpp>
#include <painters/plan/combinators.hpp>
#ifndef PAINTERS_MISTAKE
#include <painters/pipeline/executor.hpp>
#endif

struct Increment {
  void operator()(double& x) const { x += 1; }
};

void f(double& x) {
  const auto net = painters::stack<4>([](std::size_t) { return Increment{}; });
  run(painters::Sequence{4} | painters::Reverse{}, net, x);  // here
}
