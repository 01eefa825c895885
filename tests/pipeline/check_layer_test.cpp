#include <painters/pipeline/check_layer.hpp>

#include <cmath>
#include <string>
#include <vector>

#include "pipeline/toys.hpp"
#include "support/catch.hpp"

using toys::Vector;

namespace {

const Vector x{0.5, -1, 2};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

struct NotConst {
  void operator()(Vector& state) { state[0] = 1; }
};
struct Counting {  // remembers where it must not
  mutable int calls = 0;
  void operator()(Vector& state) const { state[0] += ++calls; }
};
struct Growing {
  void operator()(Vector& state) const { state.push_back(1); }
};
struct GrowingAndSaysSo : Growing {
  static constexpr std::size_t takes() { return 3; }
  static constexpr std::size_t gives() { return 4; }
};
struct Exploding {
  void operator()(Vector& state) const { state[0] = std::log(-1.0); }
};
struct OddMemory {
  struct Memory {
    double bias = 1;
  };
  void operator()(Vector&) const {}
  void operator()(Vector& state, Memory& memory) const { state[0] += memory.bias; }
};
struct WrongParts : toys::Mixing {
  void apply(painters::Part, Vector& state) const { state[0] *= 2; }
};

/// x_j <- w x_j^2; `slope` and `sign` spoil its gradients.
struct Square {
  double w = 0.7, slope = 2, sign = 1;
  bool accumulates = true;
  struct Tape {
    Vector before;
  };
  using Gradients = double;
  void operator()(Vector& state) const {
    for (double& value : state) value *= w * value;
  }
  void forward(Vector& state, Tape& tape) const {
    tape.before = state;
    (*this)(state);
  }
  void backward(Vector& dx, const Tape& tape, Gradients& gradient) const {
    if (!accumulates) gradient = 0;
    for (std::size_t j = 0; j < dx.size(); ++j) {
      gradient += sign * dx[j] * tape.before[j] * tape.before[j];
      dx[j] *= slope * w * tape.before[j];
    }
  }
  friend void add_scaled(Square& layer, double a, const Gradients& gradient) {
    layer.w += a * gradient;
  }
};

}  // namespace

TEST_CASE("a good layer passes all checks that concern it", "[check_layer]") {
  const auto plain = painters::check_layer(toys::Scaling{0.5}, x);
  CHECK(plain.ok);
  CHECK_FALSE(contains(plain.log, "FAILED"));

  const auto mixing = painters::check_layer(toys::Mixing{}, x);
  INFO(mixing.log);
  CHECK(mixing.ok);
  CHECK(contains(mixing.log, "ok: all parts one after another"));

  const auto square = painters::check_layer(Square{}, x);
  INFO(square.log);
  CHECK(square.ok);
  CHECK(contains(square.log, "ok: the gradient by the parameters"));
}

TEST_CASE("a layer that is not const-callable is told so", "[check_layer]") {
  const auto checked = painters::check_layer(NotConst{}, x);
  CHECK_FALSE(checked.ok);
  CHECK(contains(checked.log, "is its operator() const"));
}

TEST_CASE("a layer that remembers outside of its memory fails", "[check_layer]") {
  const auto checked = painters::check_layer(Counting{}, x);
  CHECK_FALSE(checked.ok);
  CHECK(contains(checked.log, "FAILED: two calls give the same state, expected; they differ by 1"));
}

TEST_CASE("a layer that changes the state's size must say its widths", "[check_layer]") {
  const auto silent = painters::check_layer(Growing{}, x);
  CHECK_FALSE(silent.ok);
  CHECK(contains(silent.log, "it had 3 values and has 4"));
  CHECK(painters::check_layer(GrowingAndSaysSo{}, x).ok);
}

TEST_CASE("a layer that makes NaN fails", "[check_layer]") {
  CHECK_FALSE(painters::check_layer(Exploding{}, x).ok);
}

TEST_CASE("a layer whose new memory changes the result fails", "[check_layer]") {
  const auto checked = painters::check_layer(OddMemory{}, x);
  CHECK_FALSE(checked.ok);
  CHECK(contains(checked.log, "FAILED: a call with a new memory gives the state of one without"));
}

TEST_CASE("a layer whose parts are not the whole fails", "[check_layer]") {
  const auto checked = painters::check_layer(WrongParts{}, x);
  CHECK_FALSE(checked.ok);
  CHECK(contains(checked.log, "FAILED: all parts one after another"));
}

TEST_CASE("wrong gradients are found", "[check_layer]") {
  const auto state = painters::check_layer(Square{.slope = 1}, x);
  CHECK(contains(state.log, "FAILED: the gradient by the state"));
  const auto zero = painters::check_layer(Square{.slope = 0}, x);
  CHECK(contains(zero.log, "FAILED: the gradient by the state"));
  const auto parameters = painters::check_layer(Square{.sign = -1}, x);
  CHECK(contains(parameters.log, "FAILED: the gradient by the parameters"));
  const auto forgetful = painters::check_layer(Square{.accumulates = false}, x);
  CHECK(contains(forgetful.log, "FAILED: a second backward doubles the gradients"));
}
