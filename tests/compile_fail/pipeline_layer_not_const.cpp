// expect: painters: this type is not a layer for this state: layer(x) must compile for a const
// layer and a State& (is its operator() const?)
#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/pipeline.hpp>
#include <painters/plan/sequence.hpp>

using namespace painters;

struct Increment {
#ifdef PAINTERS_MISTAKE
  void operator()(double& x) { x += 1; }
#else
  void operator()(double& x) const { x += 1; }
#endif
};

void f(double& x) {
  run<Sequence<1>{}>(pipeline(Increment{}), x);  // here
}
