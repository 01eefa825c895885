// expect: constexpr_plan_expected_for_any_other_write_run_plan_net_x
#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/pipeline.hpp>
#include <painters/plan/sequence.hpp>

using namespace painters;

struct Increment {
  void operator()(double& x) const { x += 1; }
};

void f(double& x) {
  const auto net = pipeline(Increment{});
#ifdef PAINTERS_MISTAKE
  auto plan = Sequence<1>{};
#else
  constexpr auto plan = Sequence<1>{};
#endif
  run<plan>(net, x);  // here
}
