// The shortest program: layers, a plan over them, a run.
#include <iostream>
#include <painters/painters.hpp>
using namespace painters;

int main() {
  constexpr auto all = Sequence<32>{};
  constexpr auto looped = all | window<13, 19>(ParallelMean{} | Loop<3>{});
  static_assert(looped == "0..12, mean(13..19) x3, 20..31"_plan);

  const auto net = stack<32>([](std::size_t i) {
    return [i](double& state) { state += 0.01 * i * (1 - state); };  // a layer: no base class
  });
  double state = 0.5;
  run<looped>(net, state);
  std::cout << looped << " leaves " << state << "\n";
}
