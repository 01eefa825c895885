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
  constexpr auto plan = Sequence<1>{};
  Memories memories(plan);
  Capture hooks;
#ifdef PAINTERS_MISTAKE
  run<plan>(pipeline(Increment{}), x, hooks, memories);  // here
#else
  run<plan>(pipeline(Increment{}), x, memories, hooks);
#endif
}
