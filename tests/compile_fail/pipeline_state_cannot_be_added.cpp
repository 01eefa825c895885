// expect: painters: a state must be copyable, not const, and have scale(x, a) and add_scaled(x, a,
// y) or the operators *= and +=, so that branches can be added
#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/pipeline.hpp>
#include <painters/plan/sequence.hpp>

using namespace painters;

struct State {
  double value = 0;
#ifndef PAINTERS_MISTAKE
  friend void scale(State& x, double a) { x.value *= a; }
  friend void add_scaled(State& x, double a, const State& y) { x.value += a * y.value; }
#endif
};
struct Increment {
  void operator()(State& x) const { x.value += 1; }
};

void f(State& x) {
  run<Sequence<1>{}>(pipeline(Increment{}), x);  // here
}
