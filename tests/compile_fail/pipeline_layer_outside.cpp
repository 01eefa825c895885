// expect: layers_are_there<5, 4>
#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/stack.hpp>
#include <painters/plan/sequence.hpp>

struct Increment {
  void operator()(double& x) const { x += 1; }
};

void f(double& x) {
  const auto net = painters::stack<4>([](std::size_t) { return Increment{}; });
#ifdef PAINTERS_MISTAKE
  painters::run<painters::Sequence<5>{}>(net, x);
#else
  painters::run<painters::Sequence<4>{}>(net, x);
#endif
}
