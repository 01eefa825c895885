// expect: painters: this layer cannot be trained through: it needs member types Tape and Gradients,
// forward(x, tape) and backward(dx, tape, gradients), all callable on a const layer
#include <painters/pipeline/backward.hpp>
#include <painters/pipeline/pipeline.hpp>
#include <painters/plan/sequence.hpp>

using namespace painters;

struct Scale {
  double a = 2;
  void operator()(double& x) const { x *= a; }
#ifndef PAINTERS_MISTAKE
  using Tape = double;
  using Gradients = double;
  void forward(double& x, Tape& tape) const {
    tape = x;
    x *= a;
  }
  void backward(double& dx, const Tape& tape, Gradients& sum) const {
    sum += dx * tape;
    dx *= a;
  }
#endif
};

void f(double& x) {
  Tapes tapes;
  forward(Sequence{1}, pipeline(Scale{}), x, tapes);  // here
}
