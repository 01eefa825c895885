// Layers of your own on states of your own library, here matrices of Eigen: ten lines make a layer,
// a few more make its parts callable, by names of their own.
#include <Eigen/Core>
#include <array>
#include <cmath>
#include <iostream>
#include <painters/painters.hpp>
#include <string_view>

using namespace painters;
using Eigen::MatrixXf;  // the state: a column for each token

struct Mlp {
  MatrixXf up, down;
  void operator()(MatrixXf& x) const { x += down * (up * x).cwiseMax(0.f); }
};

/// A block of two parts, as a transformer has attention and feed-forward.
struct Block {
  MatrixXf mix;
  Mlp mlp;

  static constexpr Part parts() { return 2; }
  static constexpr bool parts_in_sequence() { return true; }
  static constexpr std::array<std::string_view, 2> part_names() { return {"mixer", "mlp"}; }

  void apply(Part part, MatrixXf& x) const {
    if (part == 1) x += x * mix;
    if (part == 2) mlp(x);
  }
  void operator()(MatrixXf& x) const {
    apply(1, x);
    apply(2, x);
  }
};

int main() {
  constexpr int width = 8, inner = 16, tokens = 5;
  int n = 0;
  const auto weights = [&](int rows, int cols) -> MatrixXf {  // any numbers, the same everywhere
    return MatrixXf::NullaryExpr(rows, cols,
                                 [&] { return ++n, 0.2f * std::sin(float(n * n % 997)); });
  };
  const auto mlp = [&] { return Mlp{weights(inner, width), weights(width, inner)}; };
  const auto block = [&] { return Block{weights(tokens, tokens), mlp()}; };
  const Mlp first = mlp(), third = mlp();
  const Block second = block(), fourth = block();
  const auto net = pipeline(first, second, third) | fourth;  // layers of mixed types

  const MatrixXf start = weights(width, tokens);
  MatrixXf usual = start;
  run<Sequence<4>{}>(net, usual);
  for (const char* text : {"0, 2, 1, 3", "0, mean(1, 2), 3", "0, 1.mlp, 2, 3.mlp",
                           "0, sum(1 * 0.5, 2 * 0.5), 3", "0..2, 3 x3"}) {
    MatrixXf x = start;
    run(parse_plan(text, net.size(), part_names(net)), net, x);
    std::cout << text << ": " << (x - usual).norm() / usual.norm() << " away from 0..3\n";
  }

  const CheckedLayer checked = check_layer(net.get<1>(), start);
  std::cout << "Block " << (checked.ok ? "is a layer" : "is not a layer") << ":\n" << checked.log;
}
