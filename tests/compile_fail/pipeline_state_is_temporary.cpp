// expect: painters: the state must have a name: layers change it in place, and what they make of a
// temporary is lost
#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/pipeline.hpp>
#include <painters/plan/sequence.hpp>

using namespace painters;

struct Increment {
  void operator()(double& x) const { x += 1; }
};

void f(double x) {
#ifdef PAINTERS_MISTAKE
  run<Sequence<1>{}>(pipeline(Increment{}), x + 1);  // here
#else
  run<Sequence<1>{}>(pipeline(Increment{}), x += 1);
#endif
}
