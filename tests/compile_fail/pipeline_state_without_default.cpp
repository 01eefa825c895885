// expect: painters: expected a state that can be default-constructed, which tells it from a view,
// found one with the operators *= and += that cannot: give it a default constructor, or, if its
// copies own their values, scale(x, a) and add_scaled(x, a, y)
#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/pipeline.hpp>
#include <painters/plan/sequence.hpp>

using namespace painters;

struct State {
#ifdef PAINTERS_MISTAKE
  explicit State(double v) : value(v) {}
#else
  explicit State(double v = 0) : value(v) {}
#endif
  double value;
  State& operator*=(double a) { return value *= a, *this; }
  State& operator+=(const State& y) { return value += y.value, *this; }
  friend State operator*(double a, const State& y) { return State(a * y.value); }
};
struct Increment {
  void operator()(State& x) const { x.value += 1; }
};

void f(State& x) {
  run<Sequence<1>{}>(pipeline(Increment{}), x);  // here
}
