// expect: painters: this layer can be called only with a memory: run(plan, net, x, memories) with
// Memories memories(plan)
#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/pipeline.hpp>
#include <painters/plan/sequence.hpp>

using namespace painters;

struct Count {
  using Memory = int;
  void operator()(double& x, Memory& calls) const { x += ++calls; }
};

void f(double& x) {
  constexpr auto plan = Sequence<1>{};
  Memories memories(plan);
#ifdef PAINTERS_MISTAKE
  run<plan>(pipeline(Count{}), x);  // here
#else
  run<plan>(pipeline(Count{}), x, memories);
#endif
}
