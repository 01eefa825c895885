// check_layer tells whether a type behaves as a layer on a given state, and if not, why:
//
//   const CheckedLayer checked = check_layer(my_layer, x);
//   if (!checked.ok) std::cout << checked.log;
#pragma once

#include <concepts>
#include <cstddef>
#include <painters/pipeline/check_gradients.hpp>
#include <painters/pipeline/check_report.hpp>
#include <painters/pipeline/concepts.hpp>
#include <painters/pipeline/dot.hpp>
#include <painters/pipeline/facts.hpp>
#include <painters/pipeline/require.hpp>
#include <painters/pipeline/shape.hpp>
#include <painters/pipeline/state.hpp>
#include <painters/plan/part_names.hpp>
#include <painters/plan/scanner.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace painters {

namespace pipeline_detail {

template <class L, StateWithDot S>
class LayerCheck {
 public:
  LayerCheck(const L& layer, const S& x) : layer_(layer), x_(x), half_(x) {}

  CheckedLayer check() {
    if constexpr (Layer<L, S> || LayerWithMemory<L, S>) {
      report_.pass(Layer<L, S> ? "layer(x) can be called on a const layer"
                               : "layer(x, memory) can be called on a const layer");
      if (!state()) return report_.result();
      if constexpr (std::copy_constructible<L>) {
        const L fresh = layer_;  // before any call
        calls(fresh);
      } else {
        calls(layer_);
      }
    } else if constexpr (requires(const L& layer, S& x) { layer(x); }) {
      report_.fail(
          "the layer was expected to change the state in place and to return nothing, found that "
          "it returns something: take the state as State& and write to it instead");
    } else {
      report_.fail(
          "layer(x) or layer(x, memory) was expected to compile for a const layer and this state, "
          "found that neither does: make operator() const and let it take the state by reference");
    }
    return report_.result();
  }

 private:
  // Checks the state before anything is said about the layer.
  bool state() {
    const double size = painters::dot(x_, x_);
    if (!__builtin_isfinite(size) || size == 0) {
      report_.fail(
          "the state to check with was expected to hold finite numbers that are not all 0, found "
          "length " +
          number_text(__builtin_sqrt(size)) + ": give one with typical values");
      return false;
    }
    painters::scale(half_, 0.5);
    const double after = painters::dot(x_, x_);
    if (after == size) return true;
    painters::scale(half_, 2);  // restores the user's state
    report_.fail(
        "a copy of the state was expected to hold values of its own, found that writing to the "
        "copy "
        "changes the original: run plans over a type whose copies are deep");
    return false;
  }

  /// `fresh`: a copy of the layer that has not been called.
  void calls(const L& fresh) {
    const S y = called(layer_, whole, x_);
    shape(y);
    if (!report_.result().ok) return;
    if (distance(x_, y) == 0)
      report_.fail(
          "the layer was expected to change the state in place, found it unchanged: take it as "
          "State& and write to it instead of returning it (if the layer is right to leave this "
          "state alone, check it with another)");
    else
      report_.pass("the layer changes the state in place");
    repeatable(y, fresh);
    if constexpr (LayerWithMemory<L, S>) memory(y);
    if constexpr (LayerWithParts<L, S>) parts(y);
    if constexpr (DifferentiableLayer<L, S>) gradients(whole);
    if constexpr (DifferentiableParts<L, S>)
      for (Part part = 1; part <= layer_.parts(); ++part) gradients(part);
  }

  void gradients(Part part) { GradientCheck<L, S>(layer_, part, x_, half_, report_).check(); }

  void shape(const S& y) {
    if (!__builtin_isfinite(painters::dot(y, y)))
      report_.fail(
          "the state after the layer was expected to be finite, found infinities or NaN: look for "
          "divisions by 0, logarithms and parameters that were never set");
    if (same_shape(x_, y)) return;
    if constexpr (HasSize<S> && SaysTakes<L> && SaysGives<L>) {
      const std::string says =
          "width " + std::to_string(layer_.takes()) + " to width " + std::to_string(layer_.gives());
      if (count(x_) * layer_.gives() == count(y) * layer_.takes())
        report_.pass("the layer maps states from " + says + ", as it says");
      else
        report_.fail("the layer was expected to map states from " + says +
                     ", as it says, found that it maps shape " + shape_text(x_) + " to " +
                     shape_text(y) + ": correct takes() and gives()");
    } else {
      report_.fail("the state was expected to keep its shape " + shape_text(x_) + ", found " +
                   shape_text(y) + " after the layer: let the layer say takes() and gives()");
    }
  }

  /// Checks that calls depend on nothing but their state.
  void repeatable(const S& y, const L& fresh) {
    const std::string advice =
        "a layer must not change when it is called (what it has to remember belongs in a memory) "
        "or draw random numbers";
    if (report_.same("the same state after every call on the same state", called(layer_, whole, x_),
                     y, 0, advice))
      report_.same("the same state whatever states the layer has seen before",
                   called(layer_, whole, half_), called(fresh, whole, half_), 0, advice);
  }

  void memory(const S& y) {
    S with = x_, again = x_;
    typename L::Memory first{}, second{};
    layer_(with, first);
    layer_(again, second);
    const bool equal = report_.same("the same state from calls with a new memory each", again, with,
                                    0, "keep what the layer has to remember in the memory only");
    if constexpr (Layer<L, S>)
      report_.same("the same state with a new memory as without one", with, y, state_tolerance,
                   "a new Memory must mean that nothing came before");
    if (!equal) return;
    painters::scale(again, -0.5);  // as later layers do: the memory must not look at it
    S next = half_, other = half_;
    layer_(next, first);
    layer_(other, second);
    report_.same("the same state from a next call, whatever became of the state before", other,
                 next, 0,
                 "let the memory hold copies of what it needs instead of pointing into the state");
  }

  void parts(const S& y) {
    if (layer_.parts() == 0) {
      report_.fail(
          "parts() was expected to be at least 1, found 0: leave it out if the layer has no parts");
      return;
    }
    if constexpr (PartsWithMemory<L, S>)
      for (Part part = 1; part <= layer_.parts(); ++part) {
        S with = x_;
        typename L::Memory memory{};
        layer_.apply(part, with, memory);
        report_.same(part_text(part) + "the same state with a new memory as without one", with,
                     called(layer_, part, x_), state_tolerance,
                     "a new Memory must mean that nothing came before");
      }
    names();
    if (!layer_.parts_in_sequence()) {
      report_.pass("the parts one after another are not the whole layer, as the layer says");
      return;
    }
    S z = x_;
    for (Part part = 1; part <= layer_.parts(); ++part) layer_.apply(part, z);
    report_.same("the same state from all parts one after another as from the whole layer", z, y,
                 state_tolerance,
                 "let parts_in_sequence() give false if they are not meant to be the same");
  }

  /// Checks that every name can be written in the text of a plan and means one part.
  void names() {
    std::vector<std::string_view> all;
    ReadPartNames{all}(layer_);
    if (all.empty()) return;
    if (all.size() != layer_.parts()) {
      report_.fail("part_names() was expected to name " + std::to_string(layer_.parts()) +
                   (layer_.parts() == 1 ? " part" : " parts") + ", found " +
                   std::to_string(all.size()) + (all.size() == 1 ? " name" : " names") +
                   ": name each part, part 1 first");
      return;
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
      const bool is_word = plan_detail::Scanner(all[i]).word() == all[i] && !all[i].empty();
      if (is_word && plan_detail::part_named(all[i], {all.data(), all.size()}) == i + 1) continue;
      report_.fail("the name of part " + std::to_string(i + 1) +
                   " was expected to be a word of letters and digits that no other part has, "
                   "found '" +
                   std::string(all[i]) + "': plans could not call the part by it");
      return;
    }
    report_.pass("the names of the parts can be written in plans");
  }

  const L& layer_;
  const S& x_;
  S half_;  // half of x: another state of the same kind
  CheckReport report_;
};

}  // namespace pipeline_detail

/// Applies `layer` to copies of x, which should hold typical, nonzero values, and checks what its
/// type promises: that it can be called on a const layer and changes the state in place, always
/// with the same result; that the state keeps its shape or the layer states its widths; that a new
/// memory changes nothing and owns what it holds; that the parts make the whole if it says so; that
/// forward and backward, of parts too, agree with the call and depend on the tape alone. Gradients
/// are compared with finite differences, those of parameters only if a free function
/// add_scaled(layer, a, gradients) moves the parameters and dot(gradients, gradients) exists.
/// Exceptions from the layer pass through.
template <class L, class S>
CheckedLayer check_layer(const L& layer, const S& x) {
  static_assert(pipeline_detail::require_state<S>());
  static_assert(StateWithDot<S> || !StateLike<S>,
                "painters: check_layer compares states by their inner product: this type needs a "
                "free function dot(x, y) beside it or as its friend");
  if constexpr (StateWithDot<S>) return pipeline_detail::LayerCheck<L, S>(layer, x).check();
}

}  // namespace painters
