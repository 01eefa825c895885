// A network of layers of one type: stack<32>(make_layer), or stack(layers) with a number known only
// at run time.
#pragma once

#include <array>
#include <cassert>
#include <concepts>
#include <cstddef>
#include <painters/pipeline/facts.hpp>
#include <painters/pipeline/network.hpp>
#include <utility>
#include <vector>

namespace painters {

/// The N of a Stack whose number of layers is known only at run time.
inline constexpr std::size_t dynamic_size = static_cast<std::size_t>(-1);

namespace pipeline_detail {

template <class L, std::size_t N>
struct StackStorage {
  std::array<L, N> layers;
  static constexpr std::size_t size() { return N; }
};
template <class L>
struct StackStorage<L, dynamic_size> {
  std::vector<L> layers;
  std::size_t size() const { return layers.size(); }
};

}  // namespace pipeline_detail

/// N layers of type L, or any number of them. Make one with stack().
template <class L, std::size_t N = dynamic_size>
class Stack : private pipeline_detail::StackStorage<L, N> {
  using Storage = pipeline_detail::StackStorage<L, N>;

 public:
  /// The type of the layers, for errors that name it.
  using Layers = LayerTypes<L>;
  /// Whether all that a layer says about itself is known at compile time.
  static constexpr bool facts_are_static = pipeline_detail::facts_are_static<L>;

  /// See stack().
  explicit Stack(decltype(Storage::layers) all) : Storage{std::move(all)} {}

  using Storage::size;

  /// What is known about layer i at compile time.
  static constexpr LayerFacts static_facts(std::size_t) { return painters::static_facts<L>(); }

  /// Layer i, which must be less than size().
  const L& operator[](std::size_t i) const {
    assert(i < size());
    return this->layers[i];
  }
  /// Layer i, which must be less than size().
  L& operator[](std::size_t i) {
    assert(i < size());
    return this->layers[i];
  }

  /// For loops over the layers.
  auto begin() const { return this->layers.begin(); }
  /// For loops over the layers.
  auto end() const { return this->layers.end(); }
  /// For loops over the layers.
  auto begin() { return this->layers.begin(); }
  /// For loops over the layers.
  auto end() { return this->layers.end(); }

  /// Calls f with layer i, which must be less than size().
  template <class F>
  void visit(std::size_t i, F&& f) const {
    f((*this)[i]);
  }
  /// Calls f with layer i, which must be less than size().
  template <class F>
  void visit(std::size_t i, F&& f) {
    f((*this)[i]);
  }
};

namespace pipeline_detail {
template <class Make, std::size_t... I>
auto make_stack(Make& make, std::index_sequence<I...>) {
  using L = decltype(make(std::size_t{}));
  return Stack<L, sizeof...(I)>(std::array<L, sizeof...(I)>{make(I)...});
}
}  // namespace pipeline_detail

/// A stack of the layers make(0) to make(N - 1).
template <std::size_t N, class Make>
auto stack(Make make) {
  static_assert(std::invocable<Make&, std::size_t>,
                "painters: stack<32>(make) calls make(i) for each layer: expected a function that "
                "takes its number, a std::size_t, and returns a layer");
  if constexpr (std::invocable<Make&, std::size_t>)
    return pipeline_detail::make_stack(make, std::make_index_sequence<N>{});
}

/// A stack of these layers.
template <class L>
Stack<L> stack(std::vector<L> layers) {
  return Stack<L>(std::move(layers));
}

}  // namespace painters
