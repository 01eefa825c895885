// Checks that a layer's forward and backward agree with its calls, and its gradients with finite
// differences.
#pragma once

#include <concepts>
#include <cstddef>
#include <limits>
#include <painters/pipeline/check_report.hpp>
#include <painters/pipeline/concepts.hpp>
#include <painters/pipeline/dot.hpp>
#include <painters/pipeline/shape.hpp>
#include <painters/pipeline/state.hpp>
#include <string>
#include <type_traits>
#include <utility>

namespace painters::pipeline_detail {

/// A layer whose parameters can be moved along gradients: add_scaled(layer, a, gradients), as an
/// optimiser does.
template <class L>
concept MovableParameters = std::copyable<L> &&
    requires(L& layer, double a, const typename L::Gradients& gradients) {
  add_scaled(layer, a, gradients);
} && can_dot<typename L::Gradients>();

/// A state whose numbers can be changed one by one.
template <class S>
concept HasMovableNumbers = HasNumbers<S> && HasSize<S> && requires(S& x) {
  *x.data() *= Scalar<S>{};
};
/// The type of the numbers that a state is made of; float where that is not known.
template <class S>
struct NumberOf {
  using type = float;
};
template <HasNumbers S>
struct NumberOf<S> {
  using type = std::remove_cvref_t<decltype(*std::declval<const S&>().data())>;
};
template <std::floating_point S>
struct NumberOf<S> {
  using type = S;
};

/// Compares a layer's gradients with central differences.
template <class L, StateWithDot S>
class GradientCheck {
 public:
  /// Checks the layer or one of its parts at x; `other` is another state that the layer takes.
  GradientCheck(const L& layer, Part part, const S& x, const S& other, CheckReport& report)
      : layer_(layer), part_(part), name_(part_text(part)), x_(x), other_(other), report_(report) {}

  /// The number that is differentiated is <r, layer(x)>.
  void check() {
    using G = typename L::Gradients;
    const S y = called(layer_, part_, x_), r = weights(y);
    S z = x_;
    typename L::Tape tape{};
    record(z, tape);
    report_.same(name_ + "the same state from forward as from a call", z, y, state_tolerance,
                 "let both do the same arithmetic");

    G sum{};
    const S dx = back(r, tape, sum);
    if (!same_shape(dx, x_)) {
      report_.fail(name_ + "backward was expected to give dx the shape " + shape_text(x_) +
                   " of the state before the layer, found " + shape_text(dx) +
                   ": dx comes as the gradient after the layer and must leave as that before it");
      return;
    }
    if (!__builtin_isfinite(painters::dot(dx, dx))) {
      report_.fail(name_ +
                   "dx was expected to be finite after backward, found infinities or NaN: look for "
                   "divisions by 0 and for what forward leaves out of the tape");
      return;
    }
    if (!tape_holds(r, dx, sum, tape, z)) return;
    state_gradient(r, dx);
    if constexpr (can_dot<G>()) {
      const double once = painters::dot(sum, sum);
      if constexpr (MovableParameters<L>) parameter_gradient(r, sum);
      back(r, tape, sum);
      const double twice = __builtin_sqrt(painters::dot(sum, sum)),
                   expected = 2 * __builtin_sqrt(once);
      if (__builtin_fabs(twice - expected) <= slope_tolerance * expected)
        report_.pass(name_ + "a second backward adds to the gradients");
      else
        report_.fail(name_ +
                     "a second backward was expected to add to the gradients, found length " +
                     number_text(twice) + " where twice the first is " + number_text(expected) +
                     ": add with += instead of setting them");
    }
    if constexpr (!MovableParameters<L> && !std::is_empty_v<G>)
      report_.not_checked(name_ +
                          "the gradient with respect to the parameters, which needs "
                          "add_scaled(layer, a, gradients) "
                          "and dot(gradients, gradients)");
  }

 private:
  void record(S& x, typename L::Tape& tape) const {
    if (part_ == whole)
      layer_.forward(x, tape);
    else if constexpr (DifferentiableParts<L, S>)
      layer_.forward(part_, x, tape);
  }
  template <class G>
  S back(S dx, const typename L::Tape& tape, G& sum) const {
    if (part_ == whole)
      layer_.backward(dx, tape, sum);
    else if constexpr (DifferentiableParts<L, S>)
      layer_.backward(part_, dx, tape, sum);
    return dx;
  }

  /// Weights that differ from number to number: along y itself a normalising layer has no slope.
  static S weights(const S& y) {
    S r = y;
    if constexpr (HasMovableNumbers<S>)
      for (std::size_t i = 0; i < count(r); ++i)
        r.data()[i] *=
            static_cast<Scalar<S>>(1 + __builtin_sin(static_cast<double>(2 * i + 1)) / 2);
    return r;
  }

  /// backward must depend on the tape alone: not on the state, which later layers overwrite, and
  /// not on what the layer saw last.
  template <class G>
  bool tape_holds(const S& r, const S& dx, const G& sum, const typename L::Tape& tape, S& z) {
    const auto unchanged = [&] {
      G again{};
      bool equal = distance(back(r, tape, again), dx) <= state_tolerance * length(dx);
      if constexpr (can_dot<G>()) {
        const double before = painters::dot(sum, sum);
        equal = equal &&
                __builtin_fabs(painters::dot(again, again) - before) <= state_tolerance * before;
      }
      return equal;
    };
    if (!unchanged()) {
      report_.fail(
          name_ +
          "the same gradient was expected from the same tape, found another one the second time: "
          "backward must change nothing but dx and the gradients");
      return false;
    }
    painters::scale(z, -0.5);
    if (!unchanged()) {
      report_.fail(
          name_ +
          "the same gradient was expected from a tape whatever becomes of the state, found another "
          "one once the state had changed: copy what backward needs instead of pointing at it");
      return false;
    }
    S other = other_;
    typename L::Tape later{};
    record(other, later);
    if (!unchanged()) {
      report_.fail(
          name_ +
          "the same gradient was expected from a tape whatever is recorded after it, found another "
          "one after a second forward: keep what backward needs in the tape, not in the layer");
      return false;
    }
    report_.pass(name_ + "backward depends on its tape alone");
    return true;
  }

  /// `floor`: the difference that rounding alone can make.
  bool slope(const std::string& what, double found, double expected, double floor,
             const char* look) {
    if (__builtin_fabs(found - expected) <=
        slope_tolerance * (__builtin_fabs(found) + __builtin_fabs(expected)) + floor)
      return true;
    report_.fail(what + " was expected to be " + number_text(expected) +
                 ", as finite differences say, found " + number_text(found) + ": look at " + look);
    return false;
  }

  /// Checks along the state, along the gradient, and for some of the numbers one by one. Stops at
  /// the first failure, because all have one cause.
  void state_gradient(const S& r, const S& dx) {
    const std::string what = name_ + "the gradient with respect to the state";
    const auto agrees = [&](const std::string& where, double found, const S& v, double t,
                            double floor) {
      S up = x_, down = x_;
      painters::add_scaled(up, t, v);
      painters::add_scaled(down, -t, v);
      return slope(what + where, found, difference(layer_, up, layer_, down, r) / (2 * t),
                   floor + rounding(r) / t, "what backward makes of dx");
    };
    const double size = length(x_), slope_size = length(dx);
    if (!agrees(" along the state", painters::dot(dx, x_), x_, step, 0)) return;
    if (slope_size > 0 &&
        !agrees(" along itself", painters::dot(dx, dx), dx, step * size / slope_size, 0))
      return;
    if constexpr (HasMovableNumbers<S>) {
      const std::size_t n = count(x_), tried = n < most_numbers ? n : most_numbers;
      const double root = __builtin_sqrt(static_cast<double>(n));
      for (std::size_t k = 0; k < tried; ++k) {
        const std::size_t i = tried == 1 ? 0 : k * (n - 1) / (tried - 1);
        S unit = x_;
        painters::scale(unit, 0);
        unit.data()[i] = 1;
        if (!agrees(" for number " + std::to_string(i) + " of the state",
                    static_cast<double>(dx.data()[i]), unit, step * size / root,
                    slope_tolerance * slope_size / root))
          return;
      }
    }
    report_.pass(what + " agrees with finite differences");
  }

  template <class G>
  void parameter_gradient(const S& r, const G& sum) {
    const double square = painters::dot(sum, sum);
    if (square == 0) {
      report_.not_checked(name_ +
                          "the gradient with respect to the parameters, which backward says is 0");
      return;
    }
    const double t = step / __builtin_sqrt(square);
    L up = layer_, down = layer_;
    add_scaled(up, t, sum);
    add_scaled(down, -t, sum);
    if (slope(name_ + "the gradient with respect to the parameters along itself", square,
              difference(up, x_, down, x_, r) / (2 * t), rounding(r) / t,
              "what backward adds to the gradients"))
      report_.pass(name_ +
                   "the gradient with respect to the parameters agrees with finite differences");
  }

  double difference(const L& up_layer, const S& up, const L& down_layer, const S& down,
                    const S& r) const {
    return painters::dot(called(up_layer, part_, up), r) -
           painters::dot(called(down_layer, part_, down), r);
  }
  /// What differences lose to rounding, for steps of 1. States whose numbers have an unknown type
  /// are taken to be f32.
  double rounding(const S& r) const {
    constexpr double epsilon = std::is_same_v<Number, double>
                                   ? std::numeric_limits<double>::epsilon()
                                   : std::numeric_limits<float>::epsilon();
    return 8 * epsilon * length(called(layer_, part_, x_)) * length(r) /
           __builtin_sqrt(static_cast<double>(count(r)));
  }

  // Relative to the slope: room for f32 and for steps that cross a kink.
  static constexpr double slope_tolerance = 1e-2;
  static constexpr double step = 3e-3;  // relative to the state's length; absolute for parameters
  static constexpr std::size_t most_numbers = 16;  // of the state that are moved one by one
  using Number = typename NumberOf<S>::type;

  const L& layer_;
  Part part_;
  std::string name_;
  const S& x_;
  const S& other_;
  CheckReport& report_;
};

}  // namespace painters::pipeline_detail
