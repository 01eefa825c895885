// The inner product of two states, for checks that compare states: dot(x, y) = sum_i x_i y_i,
// summed in double.
//
// Works out of the box for floating-point numbers, for types with data() and size() (Eigen,
// xtensor, std::vector) and for ranges of such values. Any other type needs a free function dot(x,
// y) beside it or as its friend.
#pragma once

#include <concepts>
#include <cstddef>
#include <painters/pipeline/state.hpp>

namespace painters {

namespace pipeline_detail {

void dot() = delete;

template <class S>
concept HasDot = requires(const S& x, const S& y) {
  { dot(x, y) } -> std::convertible_to<double>;
};
template <class S>
concept HasNumbers = requires(const S& x) {
  { *x.data() } -> std::convertible_to<double>;
  { x.size() } -> std::convertible_to<std::size_t>;
};

template <class S>
constexpr bool can_dot() {
  if constexpr (HasDot<S> || std::floating_point<S> || HasNumbers<S>)
    return true;
  else if constexpr (OwningRange<S>)
    return can_dot<Element<S>>();
  else
    return false;
}

struct Dot {
  template <class S>
  requires(can_dot<S>()) constexpr double operator()(const S& x, const S& y) const {
    if constexpr (HasDot<S>) {
      return dot(x, y);
    } else if constexpr (std::floating_point<S>) {
      return static_cast<double>(x) * static_cast<double>(y);
    } else if constexpr (HasNumbers<S>) {
      double sum = 0;
      for (std::size_t i = 0; i < static_cast<std::size_t>(x.size()); ++i)
        sum += static_cast<double>(x.data()[i]) * static_cast<double>(y.data()[i]);
      return sum;
    } else {
      double sum = 0;
      auto other = std::begin(y);
      for (const auto& element : x) sum += (*this)(element, *other++);
      return sum;
    }
  }
};

}  // namespace pipeline_detail

/// sum_i x_i y_i. x and y have the same shape.
inline constexpr pipeline_detail::Dot dot{};

template <class S>
concept StateWithDot = StateLike<S> && pipeline_detail::can_dot<S>();

}  // namespace painters
