// expect: StateLike
#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/pipeline.hpp>
#include <painters/plan/sequence.hpp>

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

void f(State& x) { painters::run<painters::Sequence<1>{}>(painters::pipeline(Increment{}), x); }
