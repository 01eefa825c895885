// expect: a gradient has the type of the state
#include <painters/pipeline/backward.hpp>
#include <painters/pipeline/pipeline.hpp>
#include <painters/plan/sequence.hpp>

struct Half {
  struct Tape {};
  struct Gradients {};
  void operator()(double& x) const { x *= 0.5; }
  void forward(double& x, Tape&) const { x *= 0.5; }
  void backward(double& dx, const Tape&, Gradients&) const { dx *= 0.5; }
};

void f(double& x) {
  const auto net = painters::pipeline(Half{});
  painters::Tapes tapes;
  painters::forward(painters::Sequence<1>{}, net, x, tapes);
#ifdef PAINTERS_MISTAKE
  float dx = 1;
#else
  double dx = 1;
#endif
  painters::Gradients gradients(1);
  painters::backward(net, tapes, dx, gradients);  // here
}
