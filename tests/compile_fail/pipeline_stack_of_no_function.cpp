// expect: painters: stack<32>(make) calls make(i) for each layer: expected a function that takes
// its number, a std::size_t, and returns a layer
#include <painters/pipeline/stack.hpp>

using namespace painters;

struct Increment {
  void operator()(double& x) const { x += 1; }
};

#ifdef PAINTERS_MISTAKE
const auto net = stack<4>([] { return Increment{}; });  // here
#else
const auto net = stack<4>([](std::size_t) { return Increment{}; });
#endif
