// expect: a pipeline is flat
#include <painters/pipeline/pipeline.hpp>

struct Increment {
  void operator()(double& x) const { x += 1; }
};

#ifdef PAINTERS_MISTAKE
auto net = painters::pipeline(painters::pipeline(Increment{}), Increment{});
#else
auto net = painters::pipeline(Increment{}) | painters::pipeline(Increment{});
#endif
