// expect: layer {} is outside the pipeline, which has {} layers, counted from 0
//
// found: 2 | 2
#include <painters/pipeline/pipeline.hpp>

using namespace painters;

struct Increment {
  void operator()(double& x) const { x += 1; }
};

auto net = pipeline(Increment{}, Increment{});
#ifdef PAINTERS_MISTAKE
auto& layer = net.get<2>();  // here
#else
auto& layer = net.get<1>();
#endif
