// expect: painters: after the state a run takes nothing, memories, hooks, or memories and then
// hooks, found another number or order: run(plan, net, x, memories, hooks)
#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/pipeline.hpp>
#include <painters/plan/sequence.hpp>

using namespace painters;

struct Increment {
  void operator()(double& x) const { x += 1; }
};
struct Capture {
  void after_call(const CallSite&, double) {}
};

void f(double& x) {
  Capture one, other;
#ifdef PAINTERS_MISTAKE
  run(Sequence{1}, pipeline(Increment{}), x, one, other);  // here
#else
  run(Sequence{1}, pipeline(Increment{}), x, one);
  run(Sequence{1}, pipeline(Increment{}), x, other);
#endif
}
