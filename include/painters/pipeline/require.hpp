// What run() and its kin ask of their types, said in a sentence where a mistake would otherwise
// come to light deep inside them.
#pragma once

#include <concepts>
#include <painters/pipeline/concepts.hpp>
#include <painters/pipeline/network.hpp>
#include <painters/pipeline/state.hpp>
#include <painters/pipeline/view.hpp>
#include <type_traits>

namespace painters::pipeline_detail {

/// What a call gets: the state, also a memory, also a tape for training, or on the way back a
/// gradient in place of the state.
enum class Given { state, memory, tape, gradient };

template <class State, class L, class Returned, class X, class... More>
std::is_same<X, State> takes_copy(Returned (L::*)(X, More...) const);

/// A layer with a single operator(), which takes x by value.
template <class L, class State>
concept TakesCopy = requires {
  requires decltype(takes_copy<State>(&L::operator()))::value;
};

template <class L, class State>
concept Callable = requires(const L& layer, State& x) {
  layer(x);
};

/// Compiles if a layer of type L can be called with what is given.
template <class L, class State, Given given>
consteval bool require_layer() requires(given == Given::gradient) {
  static_assert(DifferentiableLayer<L, State>,
                "painters: this layer has no backward(dx, tape, gradients) for this type of dx: a "
                "gradient has the type of the state that forward() ran on");
  return true;
}

/// The same for calls that go forward.
template <class L, class State, Given given>
consteval bool require_layer() {
  static_assert(Layer<L, State> || !Callable<L, State>,
                "painters: a layer changes the state in place and returns nothing: what the "
                "operator() of this one returns would be lost");
  static_assert(Callable<L, State> || LayerWithMemory<L, State>,
                "painters: this type is not a layer for this state: layer(x) must compile for a "
                "const layer and a State& (is its operator() const?), or layer(x, memory) with a "
                "member type Memory");
  static_assert(!Layer<L, State> || !TakesCopy<L, State>,
                "painters: this layer takes the state by value: it changes a copy, which is lost: "
                "take State&");
  static_assert(given == Given::memory || Layer<L, State> || !LayerWithMemory<L, State>,
                "painters: this layer can be called only with a memory: run(plan, net, x, "
                "memories) with Memories memories(plan)");
  static_assert(
      given != Given::tape || DifferentiableLayer<L, State>,
      "painters: this layer cannot be trained through: it needs member types Tape and Gradients, "
      "forward(x, tape) and backward(dx, tape, gradients), all callable on a const layer");
  return true;
}

template <class Net>
consteval auto layer_types() {
  if constexpr (requires { typename Net::Layers; })
    return typename Net::Layers{};
  else
    return LayerTypes<>{};
}

/// A state but for the default constructor that its operators ask for.
template <class State>
concept LacksDefault = std::copyable<State> && !std::default_initializable<State> &&
                       requires(State & x, const State& y, Scalar<State> a) {
  x *= a;
  x += a * y;
};

/// Compiles if plans can run on a State.
template <class State>
consteval bool require_state() {
  static_assert(!is_view<State>,
                "painters: expected a state that owns its values, found a view: its copies share "
                "them, so that branches would overwrite each other: take a type whose copies are "
                "deep, std::vector for a std::span, MatrixXf for an Eigen::Map (a type that only "
                "looks like a view says so by painters::is_view<T> = false)");
  static_assert(
      is_view<State> || StateLike<State> || !LacksDefault<State>,
      "painters: expected a state that can be default-constructed, which tells it from a view, "
      "found one with the operators *= and += that cannot: give it a default constructor, or, if "
      "its copies own their values, scale(x, a) and add_scaled(x, a, y)");
  static_assert(StateLike<State> || is_view<State> || LacksDefault<State>,
                "painters: a state must be copyable, not const, and have scale(x, a) and "
                "add_scaled(x, a, y) or the operators *= and +=, so that branches can be added");
  return true;
}

/// Never compiles: run() was given a State that nobody can look at afterwards.
template <class State>
consteval bool require_name() {
  static_assert(sizeof(State) == 0,
                "painters: the state must have a name: layers change it in place, and what they "
                "make of a temporary is lost");
  return true;
}

/// Compiles if plans can run over a Net and a State; Ls: the types of the layers, as far as known.
template <class Net, class State, Given given, class... Ls>
consteval bool require_types(LayerTypes<Ls...>) {
  static_assert(Network<Net>,
                "painters: a plan runs over a network of layers: pipeline(a, b), stack<32>(make), "
                "or a type with size() and visit(i, f)");
  static_assert(require_state<State>());
  return (require_layer<Ls, State, given>() && ...);
}

}  // namespace painters::pipeline_detail
