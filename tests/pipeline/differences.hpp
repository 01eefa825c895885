// Gradients under a plan compared with differences, for states of any type that is read by x[j].
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <painters/pipeline/backward.hpp>
#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/stack.hpp>

namespace differences {

template <class S>
std::size_t size_of(const S& x) {
  return static_cast<std::size_t>(x.size());
}

/// Part 1 does x_j += w_0 sin(x_(j+1)) for all j at once, part 2 x_j += w_1 sin(x_(j+1)).
template <class S>
struct Sine {
  double w[2] = {0.3, -0.2};

  struct Tape {
    S before[2];
  };
  struct Gradients {
    double w[2] = {0, 0};
  };
  static constexpr painters::Part parts() { return 2; }
  static constexpr bool parts_in_sequence() { return true; }

  void apply(painters::Part part, S& x) const {
    const S old = x;
    for (std::size_t j = 0; j < size_of(x); ++j)
      x[j] += w[part - 1] * std::sin(old[(j + 1) % size_of(x)]);
  }
  void operator()(S& x) const {
    apply(1, x);
    apply(2, x);
  }
  void forward(painters::Part part, S& x, Tape& tape) const {
    tape.before[part - 1] = x;
    apply(part, x);
  }
  void forward(S& x, Tape& tape) const {
    forward(1, x, tape);
    forward(2, x, tape);
  }
  void backward(painters::Part part, S& dx, const Tape& tape, Gradients& gradients) const {
    const S& old = tape.before[part - 1];
    const S dy = dx;
    for (std::size_t j = 0; j < size_of(dx); ++j) {
      const std::size_t next = (j + 1) % size_of(dx);
      gradients.w[part - 1] += dy[j] * std::sin(old[next]);
      dx[next] += dy[j] * w[part - 1] * std::cos(old[next]);
    }
  }
  void backward(S& dx, const Tape& tape, Gradients& gradients) const {
    backward(2, dx, tape, gradients);
    backward(1, dx, tape, gradients);
  }
};

constexpr std::uint32_t layers = 3;
template <class S>
auto sines() {
  return painters::stack<layers>([](std::size_t i) {
    return Sine<S>{{0.1 + 0.05 * double(i), -0.12}};
  });
}

/// The number whose gradient is taken: <r, state after the plan>.
inline const std::vector<double> r{0.7, -0.4, 1.1};
template <class N, class S>
double value(painters::PlanView plan, const N& net, S x) {
  painters::run(plan, net, x);
  double sum = 0;
  for (std::size_t j = 0; j < size_of(x); ++j) sum += r[j] * x[j];
  return sum;
}

constexpr double h = 1e-6;
inline bool close(double found, double expected) {
  return std::fabs(found - expected) <= 1e-6 * (1 + std::fabs(expected));
}

/// Where forward() differs from run(), or the gradients of value() under `plan` from differences;
/// empty if nowhere.
template <class S>
std::string disagreement(painters::PlanView plan, const S& x) {
  const auto net = sines<S>();
  S y = x, run = x;
  painters::Tapes tapes;
  painters::forward(plan, net, y, tapes);
  painters::run(plan, net, run);
  for (std::size_t j = 0; j < size_of(x); ++j)
    if (y[j] != run[j]) return "state " + std::to_string(j);

  S dx = x;
  for (std::size_t j = 0; j < size_of(dx); ++j) dx[j] = r[j];
  painters::Gradients gradients(net.size());
  painters::backward(net, tapes, dx, gradients);
  for (std::size_t j = 0; j < size_of(x); ++j) {
    S up = x, down = x;
    up[j] += h;
    down[j] -= h;
    if (!close(dx[j], (value(plan, net, up) - value(plan, net, down)) / (2 * h)))
      return "gradient by state " + std::to_string(j);
  }
  for (std::size_t layer = 0; layer < layers; ++layer)
    for (int k = 0; k < 2; ++k) {
      auto up = net, down = net;
      up[layer].w[k] += h;
      down[layer].w[k] -= h;
      if (!close(gradients[layer].template get<typename Sine<S>::Gradients>().w[k],
                 (value(plan, up, x) - value(plan, down, x)) / (2 * h)))
        return "gradient by parameter " + std::to_string(k) + " of layer " + std::to_string(layer);
    }
  return "";
}

}  // namespace differences
