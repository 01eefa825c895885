// expect: painters: a run writes to its memories: expected Memories that are not const
#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/pipeline.hpp>
#include <painters/plan/sequence.hpp>

using namespace painters;

struct Increment {
  void operator()(double& x) const { x += 1; }
};

void f(double& x) {
#ifdef PAINTERS_MISTAKE
  const Memories memories(Sequence{1});
#else
  Memories memories(Sequence{1});
#endif
  run(Sequence{1}, pipeline(Increment{}), x, memories);  // here
}
