// The shape of a state, as far as its type tells: rows() and cols(), shape(), or size(). States of
// a type that has none of these are taken to have the same shape.
#pragma once

#include <concepts>
#include <cstddef>
#include <string>

namespace painters::pipeline_detail {

template <class S>
concept HasSize = requires(const S& x) {
  { x.size() } -> std::convertible_to<std::size_t>;
};
template <class S>
concept HasRowsAndColumns = requires(const S& x) {
  { x.rows() } -> std::convertible_to<std::size_t>;
  { x.cols() } -> std::convertible_to<std::size_t>;
};
template <class S>
concept HasShape = requires(const S& x) {
  { x.shape() == x.shape() } -> std::convertible_to<bool>;
  { *x.shape().begin() } -> std::convertible_to<std::size_t>;
  x.shape().end();
};

template <class S>
constexpr bool same_shape(const S& x, const S& y) {
  if constexpr (HasRowsAndColumns<S>)
    return x.rows() == y.rows() && x.cols() == y.cols();
  else if constexpr (HasShape<S>)
    return x.shape() == y.shape();
  else if constexpr (HasSize<S>)
    return x.size() == y.size();
  else
    return true;
}

/// For messages: "3", "2 x 3".
template <class S>
std::string shape_text(const S& x) {
  std::string text;
  if constexpr (HasRowsAndColumns<S>)
    text = std::to_string(x.rows()) + " x " + std::to_string(x.cols());
  else if constexpr (HasShape<S>)
    for (const auto length : x.shape())
      text += (text.empty() ? "" : " x ") + std::to_string(length);
  else if constexpr (HasSize<S>)
    text = std::to_string(x.size());
  return text;
}

}  // namespace painters::pipeline_detail
