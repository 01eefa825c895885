// expect: painters: this layer takes the state by value: it changes a copy, which is lost: take
// State&
#include <vector>

#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/stack.hpp>
#include <painters/plan/sequence.hpp>

using namespace painters;
using State = std::vector<double>;

void f(State& x) {
  const auto net = stack<2>([](std::size_t) {
#ifdef PAINTERS_MISTAKE
    return [](State y) { y[0] += 1; };
#else
    return [](State& y) { y[0] += 1; };
#endif
  });
  run<Sequence<2>{}>(net, x);  // here
}
