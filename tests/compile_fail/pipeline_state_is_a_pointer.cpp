// expect: painters: expected a state that owns its values, found a view: its copies share them, so
// that branches would overwrite each other: take a type whose copies are deep
#include <cstddef>

#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/stack.hpp>
#include <painters/plan/sequence.hpp>

using namespace painters;

struct Increment {
  template <class Number>
  void operator()(Number* x) const {
    *x += 1;
  }
  void operator()(double& x) const { x += 1; }
};

void f(double* values) {
#ifdef PAINTERS_MISTAKE
  double* x = values;
#else
  double& x = *values;
#endif
  run(Sequence{1}, stack<1>([](std::size_t) { return Increment{}; }), x);  // here
}
