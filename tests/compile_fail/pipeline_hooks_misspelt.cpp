// expect: painters: the hooks of a run must offer before_call, after_call, begin_group, end_group,
// begin_branch or end_branch
#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/pipeline.hpp>
#include <painters/plan/sequence.hpp>

using namespace painters;

struct Increment {
  void operator()(double& x) const { x += 1; }
};
struct Capture {
#ifdef PAINTERS_MISTAKE
  void after_each(const CallSite&, double) {}
#else
  void after_call(const CallSite&, double) {}
#endif
};

void f(double& x) {
  run<Sequence<1>{}>(pipeline(Increment{}), x, Capture{});  // here
}
