// Training through a plan: a layer with a backward pass is checked against finite differences, then
// trained under the plan that will run it.
#include <Eigen/Core>
#include <cmath>
#include <iostream>
#include <painters/painters.hpp>

using namespace painters;
using Eigen::MatrixXd;  // the state: a column for each example

struct Residual {  // x += tanh(w x)
  MatrixXd w;

  struct Tape {  // copies: later layers write to x
    MatrixXd before, slope;
  };
  using Gradients = MatrixXd;  // with respect to w; a new one is empty and means zero

  void operator()(MatrixXd& x) const { x += (w * x).array().tanh().matrix(); }
  void forward(MatrixXd& x, Tape& tape) const {
    const MatrixXd update = (w * x).array().tanh();
    tape.before = x;
    tape.slope = 1 - update.array().square();
    x += update;
  }
  void backward(MatrixXd& dx, const Tape& tape, Gradients& sum) const {
    const MatrixXd inner = dx.cwiseProduct(tape.slope);
    if (sum.size() == 0) sum = MatrixXd::Zero(w.rows(), w.cols());
    sum += inner * tape.before.transpose();
    dx += w.transpose() * inner;
  }
  friend void add_scaled(Residual& layer, double a, const Gradients& sum) { layer.w += a * sum; }
};

double loss(PlanView plan, const Stack<Residual, 4>& net, MatrixXd x, const MatrixXd& wanted) {
  run(plan, net, x);
  return (x - wanted).squaredNorm() / static_cast<double>(x.cols());
}

int main() {
  int n = 0;
  const auto wave = [&](int rows, int cols) -> MatrixXd {  // any numbers, the same everywhere
    return MatrixXd::NullaryExpr(rows, cols, [&] { return ++n, std::sin(n * n % 997); });
  };
  auto net = stack<4>([&](std::size_t) { return Residual{0.3 * wave(4, 4)}; });
  const MatrixXd questions = wave(4, 32), answers = questions.colwise().reverse();

  std::cout << check_layer(net[0], questions).log;

  constexpr auto plan =
      "0, mean(1..2) x3, 3"_plan;  // layers 1 and 2 serve three times, side by side
  std::cout << "loss before: " << loss(plan, net, questions, answers) << "\n";
  Tapes tapes;
  for (int step = 0; step < 300; ++step) {
    MatrixXd x = questions;
    forward(plan, net, x, tapes);
    MatrixXd dx = 2 * (x - answers) / static_cast<double>(x.cols());
    Gradients gradients(net.size());
    backward(net, tapes, dx, gradients);
    for (std::size_t i = 0; i < net.size(); ++i)
      add_scaled(net[i], -0.05, gradients[i].get<Residual::Gradients>());
  }
  std::cout << "loss after, under " << plan << ": " << loss(plan, net, questions, answers) << "\n"
            << "loss after, under 0..3: " << loss("0..3"_plan, net, questions, answers) << "\n";
}
