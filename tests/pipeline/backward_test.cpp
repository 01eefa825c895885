#include <painters/pipeline/backward.hpp>

#include <cmath>
#include <cstdint>
#include <vector>

#include "pipeline/toys.hpp"
#include "support/catch.hpp"

#include <rapidcheck.h>
#include <painters/pipeline/pipeline.hpp>
#include <painters/pipeline/stack.hpp>
#include <painters/plan/combinators.hpp>

using toys::Vector;

namespace {

/// Part 1 does x_j += w_0 sin(x_(j+1)) for all j at once, part 2 x_j += w_1 sin(x_(j+1)).
struct Sine {
  double w[2] = {0.3, -0.2};

  struct Tape {
    Vector before[2];
  };
  struct Gradients {
    double w[2] = {0, 0};
  };
  static constexpr painters::Part parts() { return 2; }
  static constexpr bool parts_in_sequence() { return true; }

  void apply(painters::Part part, Vector& x) const {
    const Vector old = x;
    for (std::size_t j = 0; j < x.size(); ++j)
      x[j] += w[part - 1] * std::sin(old[(j + 1) % x.size()]);
  }
  void operator()(Vector& x) const {
    apply(1, x);
    apply(2, x);
  }
  void forward(painters::Part part, Vector& x, Tape& tape) const {
    tape.before[part - 1] = x;
    apply(part, x);
  }
  void forward(Vector& x, Tape& tape) const {
    forward(1, x, tape);
    forward(2, x, tape);
  }
  void backward(painters::Part part, Vector& dx, const Tape& tape, Gradients& gradients) const {
    const Vector& old = tape.before[part - 1];
    const Vector dy = dx;
    for (std::size_t j = 0; j < dx.size(); ++j) {
      const std::size_t next = (j + 1) % dx.size();
      gradients.w[part - 1] += dy[j] * std::sin(old[next]);
      dx[next] += dy[j] * w[part - 1] * std::cos(old[next]);
    }
  }
  void backward(Vector& dx, const Tape& tape, Gradients& gradients) const {
    backward(2, dx, tape, gradients);
    backward(1, dx, tape, gradients);
  }
};

/// x_j <- a x_j^2, with no parts.
struct Square {
  double a = 0.1;
  struct Tape {
    Vector before;
  };
  struct Gradients {
    double a = 0;
  };
  void operator()(Vector& x) const {
    for (double& value : x) value *= a * value;
  }
  void forward(Vector& x, Tape& tape) const {
    tape.before = x;
    (*this)(x);
  }
  void backward(Vector& dx, const Tape& tape, Gradients& gradients) const {
    for (std::size_t j = 0; j < dx.size(); ++j) {
      gradients.a += dx[j] * tape.before[j] * tape.before[j];
      dx[j] *= 2 * a * tape.before[j];
    }
  }
};

constexpr std::uint32_t layers = 3;
using Net = painters::Stack<Sine, layers>;

/// The number whose gradient is taken: <r, state after the plan>.
const Vector r{0.7, -0.4, 1.1};
template <class N>
double value(painters::PlanView plan, const N& net, Vector x) {
  painters::run(plan, net, x);
  double sum = 0;
  for (std::size_t j = 0; j < x.size(); ++j) sum += r[j] * x[j];
  return sum;
}

bool close(double found, double expected) {
  return std::fabs(found - expected) <= 1e-6 * (1 + std::fabs(expected));
}

}  // namespace

TEST_CASE("gradients under random plans agree with differences", "[backward]") {
  constexpr double h = 1e-6;
  const Vector x{0.4, -0.9, 0.2};
  REQUIRE(rc::check([&](const std::vector<std::uint8_t>& bytes) {
    const painters::Plan plan = toys::plan_from(bytes, layers, 2);
    Net net = painters::stack<layers>([](std::size_t i) {
      return Sine{{0.1 + 0.05 * double(i), -0.12}};
    });
    if (painters::calls(plan) > 60) return;  // beyond that differences lose their digits

    Vector y = x;
    painters::Tapes tapes;
    painters::forward(plan, net, y, tapes);
    Vector run = x;
    painters::run(plan, net, run);
    RC_ASSERT(y == run);

    Vector dx = r;
    painters::Gradients gradients(net.size());
    painters::backward(net, tapes, dx, gradients);
    for (std::size_t j = 0; j < x.size(); ++j) {
      Vector up = x, down = x;
      up[j] += h;
      down[j] -= h;
      RC_ASSERT(close(dx[j], (value(plan, net, up) - value(plan, net, down)) / (2 * h)));
    }
    for (std::size_t layer = 0; layer < layers; ++layer)
      for (int k = 0; k < 2; ++k) {
        Net up = net, down = net;
        up[layer].w[k] += h;
        down[layer].w[k] -= h;
        RC_ASSERT(close(gradients[layer].get<Sine::Gradients>().w[k],
                        (value(plan, up, x) - value(plan, down, x)) / (2 * h)));
      }
  }));
}

TEST_CASE("a mixed pipeline is trained through, and a record can be made again", "[backward]") {
  const auto net = painters::pipeline(Sine{}, Square{0.3}, Square{0.2});
  const auto plan = painters::Plan(painters::sequence(
      painters::call(1),
      painters::mean(painters::call(0), painters::sequence(painters::call(2), painters::call(1))),
      painters::call(1)));
  painters::Tapes tapes;
  Vector x{1, 2, 3};
  painters::forward(painters::Plan(painters::Sequence<3>{}), net, x, tapes);
  x = {1, 2, 3};
  painters::forward(plan, net, x, tapes);
  Vector dx = r;
  painters::Gradients gradients(3);
  painters::backward(net, tapes, dx, gradients);

  constexpr double h = 1e-6;
  const auto up = painters::pipeline(Sine{}, Square{0.3 + h}, Square{0.2});
  const auto down = painters::pipeline(Sine{}, Square{0.3 - h}, Square{0.2});
  const double expected = (value(plan, up, {1, 2, 3}) - value(plan, down, {1, 2, 3})) / (2 * h);
  CHECK(gradients[1].get<Square::Gradients>().a == Approx(expected).epsilon(1e-6));
}

TEST_CASE("gradients add up over several backward passes", "[backward]") {
  const auto net = painters::pipeline(Square{0.3});
  painters::Gradients gradients(1);
  painters::Tapes tapes;
  double once = 0;
  for (int pass = 1; pass <= 2; ++pass) {
    Vector x{2};
    painters::forward(painters::Plan(painters::call(0)), net, x, tapes);
    Vector dx{1};
    painters::backward(net, tapes, dx, gradients);
    if (pass == 1) once = gradients[0].get<Square::Gradients>().a;
  }
  CHECK(once == 4);
  CHECK(gradients[0].get<Square::Gradients>().a == 8);
}

TEST_CASE("a layer that no call reaches has no gradients", "[backward]") {
  const auto net = painters::pipeline(Square{}, Square{});
  painters::Gradients gradients(2);
  painters::Tapes tapes;
  Vector x{2}, dx{1};
  painters::forward(painters::Plan(painters::call(1)), net, x, tapes);
  painters::backward(net, tapes, dx, gradients);
  CHECK(gradients[0].empty());
  CHECK_FALSE(gradients[1].empty());
}

TEST_CASE("gradients of another network are refused", "[backward]") {
  const auto net = painters::pipeline(Square{}, Square{});
  painters::Gradients gradients(3);
  Vector dx{1};
  CHECK_THROWS_AS(painters::backward(net, painters::Tapes(), dx, gradients), painters::UsageError);
}
