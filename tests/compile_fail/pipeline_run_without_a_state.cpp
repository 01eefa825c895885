// expect: painters: run takes a plan, a network and a state, run(plan, net, x) or run<plan>(net, x)
#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/pipeline.hpp>
#include <painters/plan/sequence.hpp>

using namespace painters;

struct Increment {
  void operator()(double& x) const { x += 1; }
};

void f([[maybe_unused]] double& x) {
  const auto net = pipeline(Increment{});
#ifdef PAINTERS_MISTAKE
  run(Sequence{1}, net);  // here
#else
  run(Sequence{1}, net, x);
#endif
}
