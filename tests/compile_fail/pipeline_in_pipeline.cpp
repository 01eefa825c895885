// expect: painters: a pipeline is flat: join pipelines with | instead of putting one into another
#include <painters/pipeline/pipeline.hpp>

using namespace painters;

struct Increment {
  void operator()(double& x) const { x += 1; }
};

#ifdef PAINTERS_MISTAKE
auto net = pipeline(pipeline(Increment{}), Increment{});  // here
#else
auto net = pipeline(Increment{}) | pipeline(Increment{});
#endif
