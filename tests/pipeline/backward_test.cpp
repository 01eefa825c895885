#include <painters/pipeline/backward.hpp>

#include <array>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/differences.hpp"
#include "pipeline/toys.hpp"
#include "support/catch.hpp"

#include <rapidcheck.h>
#include <painters/pipeline/pipeline.hpp>
#include <painters/pipeline/stack.hpp>
#include <painters/plan/combinators.hpp>
#include <painters/plan/parse.hpp>

using toys::Vector;

using namespace differences;

namespace {

/// A state of the tests' own: plans can copy, scale and add it.
class Opaque {
 public:
  Opaque() = default;
  Opaque(std::initializer_list<double> values) : values_(values) {}

  std::size_t size() const { return values_.size(); }
  double& operator[](std::size_t j) { return values_[j]; }
  double operator[](std::size_t j) const { return values_[j]; }

  friend void scale(Opaque& x, double a) {
    for (double& value : x.values_) value *= a;
  }
  friend void add_scaled(Opaque& x, double a, const Opaque& y) {
    for (std::size_t j = 0; j < x.size(); ++j) x.values_[j] += a * y.values_[j];
  }

 private:
  Vector values_;
};

using Triple = std::array<double, 3>;

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

/// y_o = tanh(sum_i w_oi x_i), from `in` to `out` numbers.
struct Dense {
  std::size_t in = 0, out = 0;
  Vector w;
  struct Tape {
    Vector before, after;
  };
  struct Gradients {
    Vector w;
  };
  std::size_t takes() const { return in; }
  std::size_t gives() const { return out; }
  void operator()(Vector& x) const {
    Vector y(out);
    for (std::size_t o = 0; o < out; ++o) {
      for (std::size_t i = 0; i < in; ++i) y[o] += w[o * in + i] * x[i];
      y[o] = std::tanh(y[o]);
    }
    x = y;
  }
  void forward(Vector& x, Tape& tape) const {
    tape.before = x;
    (*this)(x);
    tape.after = x;
  }
  void backward(Vector& dx, const Tape& tape, Gradients& gradients) const {
    gradients.w.resize(w.size());
    Vector before(in);
    for (std::size_t o = 0; o < out; ++o)
      for (std::size_t i = 0; i < in; ++i) {
        const double slope = dx[o] * (1 - tape.after[o] * tape.after[o]);
        gradients.w[o * in + i] += slope * tape.before[i];
        before[i] += slope * w[o * in + i];
      }
    dx = before;
  }
};

/// Throws when the state is negative.
struct Root {
  struct Tape {
    Vector after;
  };
  struct Gradients {};
  void operator()(Vector& x) const {
    for (double& value : x) {
      if (value < 0) throw std::domain_error("negative");
      value = std::sqrt(value);
    }
  }
  void forward(Vector& x, Tape& tape) const {
    (*this)(x);
    tape.after = x;
  }
  void backward(Vector& dx, const Tape& tape, Gradients&) const {
    for (std::size_t j = 0; j < dx.size(); ++j) dx[j] /= 2 * tape.after[j];
  }
};

/// x <- w x
struct Times {
  double w = 1;
  using Tape = double;
  using Gradients = double;
  void operator()(double& x) const { x *= w; }
  void forward(double& x, Tape& tape) const {
    tape = x;
    x *= w;
  }
  void backward(double& dx, const Tape& tape, Gradients& sum) const {
    sum += dx * tape;
    dx *= w;
  }
};

}  // namespace

TEMPLATE_TEST_CASE("gradients under every kind of plan agree with differences", "[backward]",
                   Vector, Triple, Opaque) {
  const std::string text = GENERATE(
      as<std::string>{}, "none", "0..2", "2..0, 1", "1 x4", "(0, 2) x3", "each(0..2) x2",
      "1.attention", "0.ffn, 2.attention, 2.ffn", "mean(0..2)", "mean(1)", "sum(0..2)", "sum(1)",
      "mean(0 * 0.7, 1 * 0.3, 2 * 2)", "sum(1 * 0.5)", "sum(0 * 0.5, 2 * 1.25)",
      "sum(0 * 0.5, 2 * 0.5)", "mean((0, 1), (2, 1, 0))", "mean(0..2) x3", "sum(0 * 0.3, 1) x4",
      "mean(1 x3, 2)", "mean((0, mean(1, 2)), 1)", "mean(mean(0, sum(1, 2 * 0.5) x2), sum(0..2))",
      "sum((0, mean(1, 2) x2, 1) * 0.4, 2)", "(0, mean((1, sum(0 * 0.2)) x2, 2.ffn), 1) x3",
      "mean(0.attention, (1.ffn, 1.attention) x2)");
  INFO(text);
  CHECK(disagreement(painters::parse_plan(text, layers), TestType{0.4, -0.9, 0.2}) == "");
}

TEMPLATE_TEST_CASE("gradients under random plans agree with differences", "[backward]", Vector,
                   Opaque) {
  REQUIRE(rc::check([&](const std::vector<std::uint8_t>& bytes) {
    const painters::Plan plan = toys::plan_from(bytes, layers, 2);
    RC_PRE(painters::calls(plan) <= 60u);  // with more, differences lose their digits
    RC_ASSERT(disagreement(plan, TestType{0.4, -0.9, 0.2}) == "");
  }));
}

TEST_CASE("gradients go through branches that change the state's width", "[backward]") {
  const auto net = [](double shift) {
    return painters::stack(std::vector<Dense>{{3, 2, {0.3, -0.5, 0.2, 0.9, 0.1 + shift, -0.4}},
                                              {2, 3, {0.7, 0.2, -0.6, 0.3, 0.5, 0.4}},
                                              {3, 2, {-0.1, 0.8, 0.3, 0.2, -0.7, 0.6}}});
  };
  const Vector x{0.4, -0.9, 0.2};
  const std::string text =
      GENERATE(as<std::string>{}, "mean(0, 2), 1", "mean((0, 1), none), mean(0 * 2, 2)",
               "(mean(0, 2), 1) x2, sum((0, 1) * 0.5, (2, 1))", "sum((mean(0, 2), 1) * 0.3)");
  INFO(text);
  const auto plan = painters::parse_plan(text, 3);
  painters::Tapes tapes;
  Vector y = x;
  painters::forward(plan, net(0), y, tapes);
  Vector dx(r.begin(), r.begin() + static_cast<std::ptrdiff_t>(y.size()));
  painters::Gradients gradients(3);
  painters::backward(net(0), tapes, dx, gradients);
  REQUIRE(dx.size() == 3);
  for (std::size_t j = 0; j < 3; ++j) {
    Vector up = x, down = x;
    up[j] += h;
    down[j] -= h;
    CHECK(close(dx[j], (value(plan, net(0), up) - value(plan, net(0), down)) / (2 * h)));
  }
  CHECK(close(gradients[0].get<Dense::Gradients>().w[4],
              (value(plan, net(h), x) - value(plan, net(-h), x)) / (2 * h)));
}

TEST_CASE("gradients go through a mixed pipeline, and a record can be made again", "[backward]") {
  const auto net = painters::pipeline(Sine<Vector>{}, Square{0.3}, Square{0.2});
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

  const auto up = painters::pipeline(Sine<Vector>{}, Square{0.3 + h}, Square{0.2});
  const auto down = painters::pipeline(Sine<Vector>{}, Square{0.3 - h}, Square{0.2});
  const double expected =
      (value(plan, up, Vector{1, 2, 3}) - value(plan, down, Vector{1, 2, 3})) / (2 * h);
  CHECK(gradients[1].get<Square::Gradients>().a == Approx(expected).epsilon(1e-6));
}

TEST_CASE("no gradient goes back through a branch of weight 0, whatever its slope", "[backward]") {
  const double infinity = std::numeric_limits<double>::infinity();
  const auto net = painters::stack(std::vector<Times>{{2}, {infinity}, {3}});
  for (const auto& [text, slope] : std::initializer_list<std::pair<const char*, double>>{
           {"0, sum(1 * 0)", 2},
           {"mean(1 * 0, 0, 2)", 2.5},
           {"mean(0, 1 * 0, 2)", 2.5},
           {"mean(0, 2, (mean(1, 0), 1) * 0)", 2.5},
           {"sum(0, sum(2, 1 * 0) * 0.5, 1 * 0), 2", 9}}) {
    CAPTURE(text);
    painters::Tapes tapes;
    painters::Gradients gradients(3);
    double x = 5, dx = 1;
    painters::forward(painters::parse_plan(text, 3), net, x, tapes);
    painters::backward(net, tapes, dx, gradients);
    CHECK(x == 5 * slope);
    CHECK(dx == slope);
    CHECK(gradients[1].empty());
  }
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

TEST_CASE("tapes without a finished run over the network are refused", "[backward]") {
  const auto net = painters::pipeline(Square{}, Root{});
  painters::Gradients gradients(2);
  painters::Tapes tapes;
  Vector dx{1};
  CHECK_THROWS_WITH(painters::backward(net, tapes, dx, gradients),
                    Catch::Matchers::ContainsSubstring("found no run that reached its end"));

  Vector x{2};
  painters::forward(painters::parse_plan("mean(0, 1)", 2), net, x, tapes);
  x = {-1};
  CHECK_THROWS_AS(painters::forward(painters::parse_plan("mean(0, 1)", 2), net, x, tapes),
                  std::domain_error);
  CHECK_THROWS_WITH(painters::backward(net, tapes, dx, gradients),
                    Catch::Matchers::ContainsSubstring("found no run that reached its end"));

  const auto larger = painters::pipeline(Square{}, Square{}, Square{});
  x = {2};
  painters::forward(painters::parse_plan("0..2", 3), larger, x, tapes);
  CHECK_THROWS_WITH(painters::backward(net, tapes, dx, gradients),
                    Catch::Matchers::ContainsSubstring("found one over 3"));
}
