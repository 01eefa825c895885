// expect: the plan names layer {}, but the model has {} layers, counted from 0
//
// found: 4 | 4
#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/stack.hpp>
#include <painters/plan/sequence.hpp>

using namespace painters;

namespace {

struct Increment {
  void operator()(double& x) const { x += 1; }
};

const auto net = stack<4>([](std::size_t) { return Increment{}; });

}  // namespace

void pipeline_layer_outside() {
  double x = 0;
#ifdef PAINTERS_MISTAKE
  run<Sequence<5>{}>(net, x);  // here
#else
  run<Sequence<4>{}>(net, x);
#endif
  run(Sequence{5}, net, x);
}
