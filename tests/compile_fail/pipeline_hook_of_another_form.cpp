// expect: painters: one of these hooks cannot be called: before_call and after_call take (const
// CallSite&, State&)
#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/pipeline.hpp>
#include <painters/plan/sequence.hpp>

using namespace painters;

struct Increment {
  void operator()(double& x) const { x += 1; }
};
struct Watch {
  void before_call(const CallSite&, double) {}
#ifdef PAINTERS_MISTAKE
  void after_call(double) {}
#else
  void after_call(const CallSite&, double) {}
#endif
};

void f(double& x) {
  run<Sequence<1>{}>(pipeline(Increment{}), x, Watch{});  // here
}
