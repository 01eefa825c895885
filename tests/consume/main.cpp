// What every way of consuming the library must be able to build and run.
#include <painters/painters.hpp>

#include <iostream>

struct Increment {
  void operator()(double& x) const { x += 1; }
};

int main() {
  using namespace painters;
  constexpr auto plan = Sequence<8>{} | window<2, 4>(ParallelMean{} | Loop<3>{});
  double x = 0;
  run<plan>(stack<8>([](std::size_t) { return Increment{}; }), x);
  std::cout << plan << ": " << x << "\n";
  return x == 8 ? 0 : 1;
}
