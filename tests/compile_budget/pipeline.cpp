// at most: 5
//
// A pipeline of layers that all differ in type: it costs at most in proportion to their number.
#include <painters/painters.hpp>
#include <utility>

using namespace painters;

#if PAINTERS_LARGE
constexpr std::size_t layers = 96;
#else
constexpr std::size_t layers = 24;
#endif

template <std::size_t I>
struct Residual {
  double weight;
  void operator()(double& x) const { x += weight * x; }
};

template <std::size_t... I>
auto residuals(std::index_sequence<I...>) {
  return pipeline(Residual<I>{0.5}...);
}

void f(double& x) { run<Sequence<layers>{}>(residuals(std::make_index_sequence<layers>{}), x); }
