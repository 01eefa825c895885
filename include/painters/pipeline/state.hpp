// What plans need of a state: that it can be copied, scaled and added to another. Nothing else
// about it matters.
//
//   scale(x, a)           x <- a x
//   add_scaled(x, a, y)   x <- x + a y; x and y are different objects of the same shape
//
// Both work out of the box for floating-point numbers, for types with `x *= a` and `x += a * y`
// (matrices of Eigen and xtensor; `a` has the type's value_type, double if it has none) and for
// ranges of such values (std::vector, std::array, also nested). Any other type becomes a state
// through free functions scale(x, a) and add_scaled(x, a, y) beside it or as its friends. A copy
// must own its values: a view is not a state, see view.hpp.
#pragma once

#include <concepts>
#include <painters/error.hpp>
#include <painters/pipeline/shape.hpp>
#include <painters/pipeline/view.hpp>
#include <type_traits>

namespace painters {

namespace pipeline_detail {

// The names of the library's own function objects must not hide what argument-dependent lookup
// finds.
void scale() = delete;
void add_scaled() = delete;

template <class S>
concept HasScale = requires(S& x, double a) {
  scale(x, a);
};
template <class S, class Y = S>
concept HasAddScaled = requires(S& x, double a, const Y& y) {
  add_scaled(x, a, y);
};

template <class S>
struct ScalarOf {
  using type = double;
};
template <std::floating_point S>
struct ScalarOf<S> {
  using type = S;
};
template <class S>
requires std::floating_point<typename S::value_type>
struct ScalarOf<S> {
  using type = typename S::value_type;
};
template <class S>
using Scalar = typename ScalarOf<S>::type;

// An owner of values can be empty, a view of another's values cannot; and what an owner holds is
// const when the owner is.
template <class S>
concept HasScalingOperator =
    !std::integral<S> && std::default_initializable<S> && requires(S & x, Scalar<S> a) {
  x *= a;
};
template <class S>
concept HasAddingOperators =
    !std::integral<S> && std::default_initializable<S> && requires(S & x, Scalar<S> a, const S& y) {
  x += a * y;
};
template <class S>
concept OwningRange = HasSize<S> && std::default_initializable<S> && requires(S& x, const S& y) {
  std::begin(x) != std::end(x);
  requires std::is_const_v<std::remove_reference_t<decltype(*std::begin(y))>>;
};
template <class S>
using Element = std::remove_reference_t<decltype(*std::begin(std::declval<S&>()))>;

template <class S>
constexpr bool can_scale() {
  if constexpr (HasScale<S> || HasScalingOperator<S>)
    return true;
  else if constexpr (OwningRange<S>)
    return can_scale<Element<S>>();
  else
    return false;
}
template <class S>
constexpr bool can_add_scaled() {
  if constexpr (HasAddScaled<S> || HasAddingOperators<S>)
    return true;
  else if constexpr (OwningRange<S>)
    return can_add_scaled<Element<S>>();
  else
    return false;
}

struct Scale {
  template <class S>
  requires(can_scale<S>()) constexpr void operator()(S& x, double a) const {
    if constexpr (HasScale<S>)
      scale(x, a);
    else if constexpr (HasScalingOperator<S>)
      x *= static_cast<Scalar<S>>(a);
    else
      for (auto& element : x) (*this)(element, a);
  }
};

// Matrices of different shapes must not reach the operators, which may do anything then, from
// silently widening x to reading beyond its end.
struct AddScaled {
  template <class S>
  requires(can_add_scaled<S>()) constexpr void operator()(S& x, double a, const S& y) const {
    if constexpr (HasAddScaled<S>) {
      add_scaled(x, a, y);
    } else {
      if (!same_shape(x, y))
        throw UsageError("two states that are added were expected to have the same shape, found " +
                         shape_text(x) + " and " + shape_text(y) +
                         ": end every branch of a parallel group with the same shape");
      if constexpr (HasAddingOperators<S>) {
        x += static_cast<Scalar<S>>(a) * y;
      } else {
        auto from = std::begin(y);
        for (auto& element : x) (*this)(element, a, *from++);
      }
    }
  }

  template <class X, class Y>
  requires(!std::same_as<X, Y> && HasAddScaled<X, Y>) constexpr void operator()(X& x, double a,
                                                                                const Y& y) const {
    add_scaled(x, a, y);
  }
};

}  // namespace pipeline_detail

/// x <- a x.
inline constexpr pipeline_detail::Scale scale{};
/// x <- x + a y. Throws UsageError if x and y have different shapes. Also for a layer x and its
/// gradients y, if there is a free function add_scaled for them.
inline constexpr pipeline_detail::AddScaled add_scaled{};

/// A state that every plan can run on.
template <class S>
concept StateLike = std::copyable<S> && !is_view<S> && pipeline_detail::can_scale<S>() &&
                    pipeline_detail::can_add_scaled<S>();

}  // namespace painters
