// Memories such as KV caches: every executed call has its own, so running token by token is exact
// under any plan.
#include <iostream>
#include <painters/painters.hpp>
#include <vector>

using namespace painters;
using Tokens = std::vector<double>;

/// Every token adds the mean of itself and all before it.
struct Averaging {
  double gain;

  struct Memory {
    double sum = 0;
    int tokens = 0;
  };

  void operator()(Tokens& x, Memory& memory) const {
    for (double& token : x) {
      memory.sum += token;
      token += gain * memory.sum / ++memory.tokens;
    }
  }
  void operator()(Tokens& x) const {
    Memory none_before;
    (*this)(x, none_before);
  }
};

int main() {
  const auto net =
      stack<6>([](std::size_t i) { return Averaging{0.125 * static_cast<double>(i + 1)}; });
  constexpr auto plan = "0, mean(1..3) x2, 4 x3, 5"_plan;

  Tokens at_once{1, 2, -1};
  run<plan>(net, at_once);

  Memories memories(plan);
  std::cout << memories.size() << " calls, " << memories.size() << " memories\n";
  std::size_t i = 0;
  for (const double token : {1.0, 2.0, -1.0}) {
    Tokens x{token};
    run<plan>(net, x, memories);
    std::cout << "token " << i << ": " << x[0] << ", all at once: " << at_once[i] << "\n";
    ++i;
  }
}
