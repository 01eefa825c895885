// What the checks of a layer share: the report, calls of the layer and comparisons of states.
// Arithmetic uses builtins of g++ and clang, because <cmath> costs a tenth of what compiling the
// umbrella header does.
#pragma once

#include <cstddef>
#include <cstdio>
#include <painters/pipeline/concepts.hpp>
#include <painters/pipeline/dot.hpp>
#include <painters/pipeline/shape.hpp>
#include <painters/pipeline/state.hpp>
#include <string>

namespace painters {

/// What check_layer found: a line for each rule, "ok: ..." or "FAILED: what was expected, found
/// ...: what to do", and "not checked: ..." for what it cannot check.
struct CheckedLayer {
  /// Whether nothing is wrong.
  bool ok = true;
  /// The lines.
  std::string log;
};

namespace pipeline_detail {

inline constexpr double state_tolerance = 1e-5;  // of the state's length

inline std::string number_text(double value) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.6g", value);
  return buffer;
}
/// For messages about one part: "part 1: ".
inline std::string part_text(Part part) {
  return part == whole ? "" : "part " + std::to_string(part) + ": ";
}

template <class S>
std::size_t count(const S& x) {
  if constexpr (HasSize<S>)
    return static_cast<std::size_t>(x.size());
  else
    return 1;
}
template <class S>
double length(const S& x) {
  return __builtin_sqrt(painters::dot(x, x));
}
/// The distance between a and b; infinite if they have different shapes.
template <class S>
double distance(S a, const S& b) {
  if (!same_shape(a, b)) return __builtin_inf();
  painters::add_scaled(a, -1, b);
  return length(a);
}

/// The state that a call makes of x, with an empty memory if the layer needs one.
template <class L, class S>
S called(const L& layer, Part part, S x) {
  if (part != whole) {
    if constexpr (LayerWithParts<L, S>) layer.apply(part, x);
  } else if constexpr (Layer<L, S>) {
    layer(x);
  } else {
    typename L::Memory memory{};
    layer(x, memory);
  }
  return x;
}

/// A report in the making.
class CheckReport {
 public:
  const CheckedLayer& result() const { return result_; }

  void pass(const std::string& line) { result_.log += "ok: " + line + "\n"; }
  void not_checked(const std::string& line) { result_.log += "not checked: " + line + "\n"; }
  void fail(const std::string& line) {
    result_.ok = false;
    result_.log += "FAILED: " + line + "\n";
  }

  /// Passes if |a - b| <= tolerance |b|.
  template <class S>
  bool same(const std::string& rule, const S& a, const S& b, double tolerance,
            const std::string& advice) {
    const double apart = distance(a, b), size = length(b);
    if (apart <= tolerance * size) {
      pass(rule);
      return true;
    }
    fail(rule + " was expected, found " +
         (same_shape(a, b) ? "states that differ by " + number_text(apart) +
                                 " where their length is " + number_text(size)
                           : "states of shape " + shape_text(a) + " and " + shape_text(b)) +
         ": " + advice);
    return false;
  }

 private:
  CheckedLayer result_;
};

}  // namespace pipeline_detail

}  // namespace painters
