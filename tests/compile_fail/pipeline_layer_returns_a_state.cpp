// expect: painters: a layer changes the state in place and returns nothing: what the operator() of
// this one returns would be lost
#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/pipeline.hpp>
#include <painters/plan/sequence.hpp>

using namespace painters;

struct Increment {
#ifdef PAINTERS_MISTAKE
  double operator()(double x) const { return x + 1; }
#else
  void operator()(double& x) const { x += 1; }
#endif
};

void f(double& x) {
  run<Sequence<1>{}>(pipeline(Increment{}), x);  // here
}
