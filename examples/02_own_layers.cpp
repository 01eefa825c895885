// Layers of your own on a state of your own: here Eigen matrices, with parts that plans can call
// one by one.
#include <Eigen/Core>
#include <iostream>
#include <painters/painters.hpp>

using namespace painters;
using Eigen::MatrixXf;

struct Residual {
  MatrixXf w;
  void operator()(MatrixXf& x) const { x += (w * x).cwiseMax(0.f); }
};

/// A block of two parts, as a transformer's attention and feed-forward are.
struct Block {
  MatrixXf mix, w;

  static constexpr Part parts() { return 2; }
  static constexpr bool parts_in_sequence() { return true; }

  void apply(Part part, MatrixXf& x) const {
    if (part == attention) x += x * mix;
    if (part == ffn) x += (w * x).cwiseMax(0.f);
  }
  void operator()(MatrixXf& x) const {
    apply(attention, x);
    apply(ffn, x);
  }
};

int main() {
  std::srand(1);
  const auto random = [](int rows, int cols) -> MatrixXf {
    return 0.1f * MatrixXf::Random(rows, cols);
  };
  const auto net =
      pipeline(Residual{random(8, 8)}, Block{random(5, 5), random(8, 8)}, Residual{random(8, 8)}) |
      Block{random(5, 5), random(8, 8)};

  const MatrixXf start = MatrixXf::Ones(8, 5);  // width 8, 5 tokens
  for (const char* text : {"0..3", "0, 3, 2, 1", "0, mean(1, 3), 2", "0, 1.ffn, 2, 3.ffn",
                           "0, sum(each(1..3) * 0.5)"}) {
    MatrixXf x = start;
    run(parse_plan(text, net.size()), net, x);
    std::cout << text << ": norm " << x.norm() << "\n";
  }

  const CheckedLayer checked = check_layer(net.get<1>(), start);
  std::cout << "Block " << (checked.ok ? "is a layer" : "is not a layer") << ":\n" << checked.log;
}
