// expect: painters: some rows of a call were asked for, but the layer has no apply_at(part, x,
// rows, y) and the state no take_rows(x, rows, y) for this type of y: write one of them,
// take_rows as a free function beside the state or as its friend
#include <cstddef>
#include <vector>

#include <painters/pipeline/apply_call.hpp>
#include <painters/pipeline/stack.hpp>

using namespace painters;

struct State {
  double value = 0;
#ifndef PAINTERS_MISTAKE
  friend void take_rows(const State& x, std::span<const std::size_t>, double& y) { y = x.value; }
#endif
};
struct Increment {
  void operator()(State& x) const { x.value += 1; }
};

void f(const State& x, double& y) {
  const auto net = stack(std::vector<Increment>(2));
  const std::vector<std::size_t> rows{0};
  apply_call(net, CallSite{}, x, rows, y);  // here
}
