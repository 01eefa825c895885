// expect: painters: run(plan, net, x) takes a plan first, such as Sequence<32>{}; a text
// becomes one by parse_plan(text, net.size()) or, at compile time, by _plan after it
#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/pipeline.hpp>
#include <painters/plan/literal.hpp>

using namespace painters;

struct Increment {
  void operator()(double& x) const { x += 1; }
};

void f(double& x) {
#ifdef PAINTERS_MISTAKE
  run("0", pipeline(Increment{}), x);  // here
#else
  run("0"_plan, pipeline(Increment{}), x);
#endif
}
