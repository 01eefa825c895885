// What makes a type a layer, and what else it may offer. No base class, no tag: the right members
// suffice.
//
//   layer(x)                             Layer: changes the state x in place and returns nothing;
//                                        the layer stays const
//   layer(x, memory)                     LayerWithMemory: the same with a memory (a KV cache, say)
//   layer.apply(part, x[, memory])       LayerWithParts: only one part of the layer
//   layer.apply_at(part, x, rows, y)     LayerAtRows: the rows of x that the layer (part 0) or a
//                                        part makes, written to y, without the work for others
//   layer.forward(x, tape)               DifferentiableLayer: layer(x) that fills the tape
//   layer.backward(dx, tape, gradients)  and the way back: dx is the gradient after the layer and
//                                        becomes that before it
//
// Memory, Tape and Gradients are member types that can be default-constructed; a new one is empty:
// nothing remembered, nothing recorded, gradients of zero. They live outside the layer. A call with
// a new memory must leave the same state as a call without one.
//
// A layer describes itself with member functions. What `static constexpr` ones say is checked at
// compile time if the plan is known by then, the rest when a plan runs:
//
//   takes(), gives()     the widths of the states that it takes and gives (otherwise any)
//   parts()              LayerWithParts: they are numbered 1 to parts(); 0 is the whole layer
//   parts_in_sequence()  LayerWithParts: whether all parts in this order are the whole layer
//   part_names()         what plans call the parts: a range of std::string_view, part 1 first
#pragma once

#include <concepts>
#include <cstddef>
#include <painters/plan/node.hpp>
#include <span>

namespace painters {

namespace pipeline_detail {
/// What a call that changes the state in place returns: nothing, or the state itself.
template <class Returned, class State>
concept InPlace = std::same_as<Returned, void> || std::same_as<Returned, State&>;
}  // namespace pipeline_detail

/// The only thing that every layer needs: `layer(x)` on a const layer.
template <class L, class State>
concept Layer = requires(const L& layer, State& x) {
  { layer(x) } -> pipeline_detail::InPlace<State>;
};

/// A layer with one memory for each executed call of a plan. It need not be callable without a
/// memory.
template <class L, class State>
concept LayerWithMemory = std::default_initializable<typename L::Memory> &&
    requires(const L& layer, State& x, typename L::Memory& memory) {
  layer(x, memory);
};

/// A layer whose parts (attention, feed-forward) can be called on their own.
template <class L, class State>
concept LayerWithParts = requires(const L& layer, State& x, Part part) {
  { layer.parts() } -> std::convertible_to<Part>;
  { layer.parts_in_sequence() } -> std::convertible_to<bool>;
  layer.apply(part, x);
};

/// Parts that use the layer's memory. A part called at one call site shares nothing with other call
/// sites.
template <class L, class State>
concept PartsWithMemory = LayerWithMemory<L, State> && LayerWithParts<L, State> &&
    requires(const L& layer, State& x, Part part, typename L::Memory& memory) {
  layer.apply(part, x, memory);
};

/// A layer that can be asked for some rows of its result only: x stays as it is, `rows` ascend, and
/// row i of y becomes what the layer makes of row rows[i] of x. The state decides what a row is and
/// what type y has. This pays off where only a few rows of a run's last state are used.
template <class L, class State, class Out>
concept LayerAtRows = requires(const L& layer, Part part, const State& x,
                               std::span<const std::size_t> rows, Out& y) {
  layer.apply_at(part, x, rows, y);
};

/// A layer that can be trained through. backward adds to the gradients, so that several calls
/// accumulate.
template <class L, class State>
concept DifferentiableLayer = std::default_initializable<typename L::Tape> &&
    std::default_initializable<typename L::Gradients> &&
    requires(const L& layer, State& x, typename L::Tape& tape, const typename L::Tape& recorded,
             typename L::Gradients& gradients) {
  layer.forward(x, tape);
  layer.backward(x, recorded, gradients);
};

/// Parts that can be trained through on their own.
template <class L, class State>
concept DifferentiableParts = DifferentiableLayer<L, State> && LayerWithParts<L, State> &&
    requires(const L& layer, State& x, Part part, typename L::Tape& tape,
             const typename L::Tape& recorded, typename L::Gradients& gradients) {
  layer.forward(part, x, tape);
  layer.backward(part, x, recorded, gradients);
};

}  // namespace painters
