// expect: painters: expected hooks named before_call, after_call, begin_group, end_group,
// begin_branch or end_branch, found before_layer, which no run calls: name it before_call
#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/pipeline.hpp>
#include <painters/plan/sequence.hpp>

using namespace painters;

struct Increment {
  void operator()(double& x) const { x += 1; }
};
struct Capture {
  std::size_t end_call = 0;  // a number is no hook
  void after_call(const auto&, auto&) {}
#ifdef PAINTERS_MISTAKE
  void before_layer(const auto&, auto&) {}
#else
  void before_call(const auto&, auto&) {}
#endif
};

void f(double& x) {
  run(Sequence{1}, pipeline(Increment{}), x, Capture{});  // here
}
