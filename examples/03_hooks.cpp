// Hooks look into a run and change it: capture the states of one run, patch them into another,
// steer one call.
#include <iostream>
#include <painters/painters.hpp>
#include <vector>

using namespace painters;
using State = std::vector<double>;

struct Rotate {
  double angle;
  void operator()(State& x) const { x = {x[0] - angle * x[1], x[1] + angle * x[0]}; }
};

struct Capture {
  std::vector<State> after{};
  void after_call(const CallSite&, const State& x) { after.push_back(x); }
};

/// Replaces the state after one call by that of another run.
struct Patch {
  std::size_t call;
  const State& source;
  void after_call(const CallSite& site, State& x) const {
    if (site.number == call) x = source;
  }
};

/// Adds a direction before every call of one layer, wherever in the plan that is.
struct Steer {
  std::uint32_t layer;
  State direction;
  void before_call(const CallSite& site, State& x) const {
    if (site.layer == layer) add_scaled(x, 0.1, direction);
  }
};

void print(const char* name, const State& x) {
  std::cout << name << ": " << x[0] << ", " << x[1] << "\n";
}

int main() {
  const auto net = stack<4>([](std::size_t i) { return Rotate{0.25 * static_cast<double>(i)}; });
  constexpr auto plan = "0..3, 2 x2"_plan;

  State clean{1, 0}, corrupted{1, 1}, steered{1, 0};
  Capture capture;
  run<plan>(net, clean, capture);
  print("clean", clean);
  std::cout << "captured " << capture.after.size() << " states\n";

  run<plan>(net, corrupted, Patch{2, capture.after[2]});
  print("corrupted, patched after call 2", corrupted);

  run<plan>(net, steered, Steer{2, {0, 1}});
  print("steered", steered);
}
