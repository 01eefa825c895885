// expect: layer\(x\) must compile for a const layer
#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/pipeline.hpp>
#include <painters/plan/sequence.hpp>

struct Increment {
#ifdef PAINTERS_MISTAKE
  void operator()(double& x) { x += 1; }
#else
  void operator()(double& x) const { x += 1; }
#endif
};

void f(double& x) { painters::run<painters::Sequence<1>{}>(painters::pipeline(Increment{}), x); }
