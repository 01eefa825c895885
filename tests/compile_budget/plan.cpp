// at most: 1.5
//
// longest symbol: 1000 but for N8painters3run
//
// A plan that is known at compile time: types do not grow with its depth, and only run names it.
#include <painters/painters.hpp>

using namespace painters;

#if PAINTERS_LARGE
constexpr std::size_t layers = 96;
#else
constexpr std::size_t layers = 24;
#endif

struct Residual {
  double weight;
  void operator()(double& x) const { x += weight * x; }
};

constexpr auto all = Sequence<layers>{};
constexpr auto plan =
    all | window<5, 18>(ParallelMean{} | Loop<3>{}) | Reverse<1, 4>{} | Repeat<2>{};

void f(double& x) {
  run<plan>(stack<layers>([](std::size_t) { return Residual{0.5}; }), x);
}
