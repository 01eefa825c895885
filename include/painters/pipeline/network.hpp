// What plans run on: layers that are numbered from 0. Pipeline and Stack are networks, and so is
// any type that can show one of its layers to a function.
//
//   net.size()        number of layers; if `static constexpr`, static plans are checked against it
//   net.visit(i, f)   calls f(layer i), where f takes a const layer of any of the net's types
//   Net::Layers       may be LayerTypes<...> of these types, so that a type that is not a layer is
//                     reported early
#pragma once

#include <concepts>
#include <cstddef>

namespace painters {

/// The types of a network's layers, each at least once.
template <class... Ls>
struct LayerTypes {};

namespace pipeline_detail {
struct AnyVisitor {
  template <class L>
  void operator()(const L&) const {}
};
}  // namespace pipeline_detail

template <class N>
concept Network = requires(const N& net, std::size_t i, pipeline_detail::AnyVisitor f) {
  { net.size() } -> std::convertible_to<std::size_t>;
  net.visit(i, f);
};

}  // namespace painters
