// check_layer tells whether a type behaves as a layer on a given state, and if not, why:
//
//   const CheckedLayer checked = check_layer(my_layer, x);
//   if (!checked.ok) std::cout << checked.log;
#pragma once

#include <concepts>
#include <cstdio>
#include <cstdlib>
#include <painters/pipeline/concepts.hpp>
#include <painters/pipeline/dot.hpp>
#include <painters/pipeline/state.hpp>
#include <string>

namespace painters {

/// What check_layer found: a line for each rule, "ok: ..." or "FAILED: ...".
struct CheckedLayer {
  bool ok = true;   // whether nothing is wrong
  std::string log;  // a line for each thing that was looked at
};

namespace pipeline_detail {

/// A layer whose parameters can be moved along gradients: add_scaled(layer, a, gradients), as an
/// optimiser does.
template <class L>
concept MovableParameters = std::copyable<L> &&
    requires(L& layer, double a, const typename L::Gradients& gradients) {
  add_scaled(layer, a, gradients);
} && can_dot<typename L::Gradients>();

template <class L, StateWithDot S>
class LayerCheck {
 public:
  LayerCheck(const L& layer, const S& x) : layer_(layer), x_(x) {}

  CheckedLayer check() {
    if constexpr (Layer<L, S> || LayerWithMemory<L, S>) {
      pass(Layer<L, S> ? "layer(x) can be called on a const layer"
                       : "layer(x, memory) can be called on a const layer");
      const S y = whole_layer();
      shape(y);
      if (!result_.ok) return result_;
      same("two calls give the same state", whole_layer(), y, 0);
      if constexpr (LayerWithMemory<L, S>) memory(y);
      if constexpr (LayerWithParts<L, S>) parts(y);
      if constexpr (DifferentiableLayer<L, S>) gradients(y);
    } else {
      fail(
          "neither layer(x) nor layer(x, memory) can be called on a const layer with this state; "
          "is its operator() const, does it take a reference and return nothing?");
    }
    return result_;
  }

 private:
  void pass(const std::string& line) { result_.log += "ok: " + line + "\n"; }
  void fail(const std::string& line) {
    result_.ok = false;
    result_.log += "FAILED: " + line + "\n";
  }
  static std::string text(double value) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.6g", value);
    return buffer;
  }

  /// By the compiler's own function: <cmath> is a tenth of the umbrella header.
  template <class V>
  static double norm(const V& v) {
    return __builtin_sqrt(painters::dot(v, v));
  }

  /// Passes if |a - b| <= tolerance |b|.
  void same(const std::string& line, S a, const S& b, double tolerance) {
    painters::add_scaled(a, -1, b);
    const double distance = norm(a), size = norm(b);
    if (distance <= tolerance * size)
      pass(line);
    else
      fail(line + ", expected; they differ by " + text(distance) + " where the state has length " +
           text(size));
  }
  void same_slope(const std::string& line, double found, double expected) {
    if (__builtin_fabs(found - expected) <=
        slope_tolerance * (__builtin_fabs(found) + __builtin_fabs(expected)))
      pass(line);
    else
      fail(line + ", expected; found " + text(found) + " where it is " + text(expected));
  }

  S whole_layer() const {
    S y = x_;
    if constexpr (Layer<L, S>) {
      layer_(y);
    } else {
      typename L::Memory memory{};
      layer_(y, memory);
    }
    return y;
  }

  void shape(const S& y) {
    if (!__builtin_isfinite(painters::dot(y, y)))
      fail("the state after the layer must be finite; it holds infinities or NaN");
    if constexpr (requires { x_.size(); })
      if (x_.size() != y.size()) {
        if constexpr (requires {
                        layer_.takes();
                        layer_.gives();
                      })
          pass("the layer says that it takes width " + std::to_string(layer_.takes()) +
               " and gives " + std::to_string(layer_.gives()));
        else
          fail("the state must keep its size or the layer say takes() and gives(); it had " +
               std::to_string(x_.size()) + " values and has " + std::to_string(y.size()));
      }
  }

  void memory(const S& y) {
    S with = x_, again = x_;
    typename L::Memory first{}, second{};
    layer_(with, first);
    layer_(again, second);
    same("two new memories give the same state", again, with, 0);
    if constexpr (Layer<L, S>)
      same("a call with a new memory gives the state of one without", with, y, state_tolerance);
  }

  void parts(const S& y) {
    if (layer_.parts() == 0) {
      fail("parts() must be at least 1, found 0; leave it out if the layer has no parts");
      return;
    }
    if (!layer_.parts_in_sequence()) {
      pass("the parts are not one after another the whole layer, says the layer");
      return;
    }
    S z = x_;
    for (Part part = 1; part <= layer_.parts(); ++part) layer_.apply(part, z);
    same("all parts one after another give the state of the whole layer", z, y, state_tolerance);
  }

  /// Derivatives of the number <y, layer(x)> with y = layer(x) held fixed, against central
  /// differences.
  void gradients(const S& y) {
    S z = x_;
    typename L::Tape tape{};
    layer_.forward(z, tape);
    same("forward gives the state that a call gives", z, y, state_tolerance);

    S dx = y;
    typename L::Gradients sum{};
    layer_.backward(dx, tape, sum);
    same_slope("the gradient by the state agrees with differences along the state",
               painters::dot(dx, x_), state_slope(x_, y));
    same_slope("the gradient by the state agrees with differences along itself",
               painters::dot(dx, dx), state_slope(dx, y));
    if constexpr (can_dot<typename L::Gradients>()) {
      const double once = painters::dot(sum, sum);
      if constexpr (MovableParameters<L>)
        same_slope("the gradient by the parameters agrees with differences along itself", once,
                   parameter_slope(sum, y));
      dx = y;
      layer_.backward(dx, tape, sum);
      same_slope("a second backward doubles the gradients", norm(sum), 2 * __builtin_sqrt(once));
    }
  }

  double value(const L& layer, S x, const S& y) const {
    layer(x);
    return painters::dot(x, y);
  }
  /// d/dt <y, layer(x + t v)>
  double state_slope(const S& v, const S& y) const {
    const double length = norm(v);
    if (length == 0) return 0;
    const double t = step * norm(x_) / length;
    S up = x_, down = x_;
    painters::add_scaled(up, t, v);
    painters::add_scaled(down, -t, v);
    return (value(layer_, up, y) - value(layer_, down, y)) / (2 * t);
  }
  /// d/dt <y, layer with parameters + t v (x)>
  template <class G>
  double parameter_slope(const G& v, const S& y) const {
    const double length = norm(v);
    if (length == 0) return 0;
    const double t = step / length;
    L up = layer_, down = layer_;
    add_scaled(up, t, v);
    add_scaled(down, -t, v);
    return (value(up, x_, y) - value(down, x_, y)) / (2 * t);
  }

  static constexpr double state_tolerance = 1e-5;  // of the state's length
  static constexpr double slope_tolerance =
      1e-2;                             // of the slope: f32 and steps that can cross a kink
  static constexpr double step = 3e-3;  // of the state's length; for parameters absolute

  const L& layer_;
  const S& x_;
  CheckedLayer result_;
};

}  // namespace pipeline_detail

/// Applies `layer` to copies of x, which should hold typical, nonzero values, and checks what its
/// type promises: that it can be called on a const layer, always with the same result; that the
/// state keeps its size or the layer says its widths; that a new memory changes nothing; that the
/// parts make the whole if it says so; that forward and backward agree with the call. Gradients of
/// parameters are compared with differences where a free function add_scaled(layer, a, gradients)
/// moves the parameters and dot(gradients, gradients) exists.
template <class L, StateWithDot S>
CheckedLayer check_layer(const L& layer, const S& x) {
  return pipeline_detail::LayerCheck<L, S>(layer, x).check();
}

}  // namespace painters
