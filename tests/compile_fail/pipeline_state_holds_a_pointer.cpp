// expect: painters: expected a state that owns its values, found a view: its copies share them, so
// that branches would overwrite each other: take a type whose copies are deep
#include <cstddef>
#include <vector>

#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/pipeline.hpp>
#include <painters/plan/group.hpp>
#include <painters/plan/sequence.hpp>

using namespace painters;

struct State {
#ifdef PAINTERS_MISTAKE
  double* values;
  std::size_t size;
#else
  std::vector<double> values;
  std::size_t size = values.size();
#endif

  friend void scale(State& x, double a) {
    for (std::size_t i = 0; i < x.size; ++i) x.values[i] *= a;
  }
  friend void add_scaled(State& x, double a, const State& y) {
    for (std::size_t i = 0; i < x.size; ++i) x.values[i] += a * y.values[i];
  }
};
struct Increment {
  void operator()(State& x) const { x.values[0] += 1; }
};

void f(State& x) {
  run<mean(call(0), call(1))>(pipeline(Increment{}, Increment{}), x);  // here
}
