// An order of execution is a value: made by combinators, written as text, compared, run over any
// layers.
#include <iostream>
#include <painters/painters.hpp>
#include <vector>

using namespace painters;

struct Residual {  // a layer: no base class, no tag
  float gain;
  void operator()(std::vector<float>& x) const {
    for (float& value : x) value += gain * value * (1 - value);
  }
};

int main() {
  constexpr auto all = Sequence<32>{};
  constexpr auto looped = all | window<13, 19>(ParallelMean{} | Loop<3>{});
  static_assert(looped == "0..12, mean(13..19) x3, 20..31"_plan);

  const auto net = stack<32>([](std::size_t i) { return Residual{0.02f + 0.001f * i}; });
  std::vector<float> x{0.1f, 0.5f};
  run<looped>(net, x);  // the plan is known at compile time
  std::cout << looped << " gives " << x[0] << ", " << x[1] << "\n";

  // A combinator of your own is a function of a plan: here a copy of it runs backwards after it.
  constexpr auto there_and_back = [](PlanView plan) { return sequence(plan, plan | Reverse{}); };
  constexpr auto mirrored = all | Skip<0>{} | window<12, 18>(there_and_back);
  static_assert(mirrored == "1..19, 19..13, 20..31"_plan);
  std::cout << mirrored << " makes " << calls(mirrored) << " calls\n";

  const auto typed = parse_plan("@reverse(start=12)", net.size());
  std::vector<float> y{0.1f, 0.5f};
  run(typed, net, y);  // or only at run time
  std::cout << typed << " gives " << y[0] << ", " << y[1] << "\n";
}
