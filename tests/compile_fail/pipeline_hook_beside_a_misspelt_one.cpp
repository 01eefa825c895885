// expect: painters: expected hooks named before_call, after_call, begin_group, end_group,
// begin_branch or end_branch, found end_brnach, which no run calls: name it end_branch
#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/pipeline.hpp>
#include <painters/plan/sequence.hpp>

using namespace painters;

struct Increment {
  void operator()(double& x) const { x += 1; }
};
struct Capture {
  void after_call(const CallSite&, double) {}
#ifdef PAINTERS_MISTAKE
  void end_brnach(const BranchSite&, double) {}
#else
  void end_branch(const BranchSite&, double) {}
#endif
};

void f(double& x) {
  run<Sequence<1>{}>(pipeline(Increment{}), x, Capture{});  // here
}
