// expect: the hooks of a run must offer before_call
#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/pipeline.hpp>
#include <painters/plan/sequence.hpp>

struct Increment {
  void operator()(double& x) const { x += 1; }
};
struct Capture {
#ifdef PAINTERS_MISTAKE
  void after_cal(const painters::CallSite&, double) {}
#else
  void after_call(const painters::CallSite&, double) {}
#endif
};

void f(double& x) {
  painters::run<painters::Sequence<1>{}>(painters::pipeline(Increment{}), x, Capture{});
}
