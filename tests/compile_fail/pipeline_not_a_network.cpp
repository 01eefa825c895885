// expect: painters: a plan runs over a network of layers: pipeline(a, b), stack<32>(make), or a
// type with size() and visit(i, f)
#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/pipeline.hpp>
#include <painters/plan/sequence.hpp>

using namespace painters;

struct Increment {
  void operator()(double& x) const { x += 1; }
};

void f(double& x) {
#ifdef PAINTERS_MISTAKE
  run(call(0), Increment{}, x);  // here
#else
  run(call(0), pipeline(Increment{}), x);
#endif
}
