// The one primitive under everything that executes plans: apply a call to a state, with a memory
// where there is one, or only for those rows of the result that are wanted.
#pragma once

#include <concepts>
#include <cstddef>
#include <painters/error.hpp>
#include <painters/pipeline/concepts.hpp>
#include <painters/pipeline/cursor.hpp>
#include <painters/pipeline/network.hpp>
#include <painters/pipeline/require.hpp>
#include <painters/pipeline/slot.hpp>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

namespace painters {

namespace pipeline_detail {

/// The plan calls a part of a layer that does not offer what the call needs.
[[noreturn]] inline void no_such_part(const CallSite& site, const char* lacks) {
  throw UsageError("the plan calls part " + std::to_string(site.part) + " of layer " +
                   std::to_string(site.layer) + ", whose parts " + lacks +
                   ": call the whole layer");
}

template <class State>
struct ApplyCall {
  const CallSite& site;
  State& x;

  template <class L>
  void operator()(const L& layer) const {
    static_assert(require_layer<L, State, Given::state>());
    if (site.part == whole) {
      if constexpr (Layer<L, State>) layer(x);
    } else if constexpr (LayerWithParts<L, State>) {
      layer.apply(site.part, x);
    } else {
      no_such_part(site, "cannot be called on their own");
    }
  }
};

template <class State>
struct ApplyCallWithMemory {
  const CallSite& site;
  State& x;
  Slot& memory;

  template <class L>
  void operator()(const L& layer) const {
    if constexpr (!LayerWithMemory<L, State>) {
      ApplyCall<State>{site, x}(layer);
    } else if (site.part == whole) {
      layer(x, memory.get<typename L::Memory>());
    } else if constexpr (PartsWithMemory<L, State>) {
      layer.apply(site.part, x, memory.get<typename L::Memory>());
    } else {
      no_such_part(site, "take no memory");
    }
  }
};

/// A state that can write some of its rows elsewhere.
template <class State, class Out>
concept HasTakeRows = std::copyable<State> &&
    requires(const State& x, std::span<const std::size_t> rows, Out& y) {
  take_rows(x, rows, y);
};

template <class State, class Out>
struct ApplyCallAtRows {
  const CallSite& site;
  const State& x;
  std::span<const std::size_t> rows;
  Out& y;

  template <class L>
  void operator()(const L& layer) const {
    constexpr bool asks_layer = LayerAtRows<L, State, Out>;
    static_assert(
        asks_layer || HasTakeRows<State, Out>,
        "painters: some rows of a call were asked for, but the layer has no apply_at(part, x, "
        "rows, y) and the state no take_rows(x, rows, y) for this type of y: write one of them, "
        "take_rows as a free function beside the state or as its friend");
    if constexpr (asks_layer) {
      layer.apply_at(site.part, x, rows, y);
    } else if constexpr (HasTakeRows<State, Out>) {
      State all = x;
      ApplyCall<State>{site, all}(layer);
      take_rows(std::as_const(all), rows, y);
    }
  }
};

}  // namespace pipeline_detail

/// Applies the layer or part of `net` that `site` names to x. The layer must exist. Throws
/// UsageError if `site` names a part and the layer offers none.
template <Network Net, class State>
void apply_call(const Net& net, const CallSite& site, State& x) {
  net.visit(site.layer, pipeline_detail::ApplyCall<State>{site, x});
}

/// The same with a memory, which a layer without one leaves alone. A new Slot is an empty memory.
template <Network Net, class State>
void apply_call(const Net& net, const CallSite& site, State& x, Slot& memory) {
  net.visit(site.layer, pipeline_detail::ApplyCallWithMemory<State>{site, x, memory});
}

/// Writes the wanted rows of the call's result to y and leaves x as it is: row i of y comes from
/// row rows[i] of x; rows ascend. A layer with apply_at computes nothing else. For any other layer
/// a copy of x goes through the whole call, and the state's take_rows(x, rows, y) picks the rows.
template <Network Net, class State, class Out>
void apply_call(const Net& net, const CallSite& site, const State& x,
                std::span<const std::size_t> rows, Out&& y) {
  using Y = std::remove_reference_t<Out>;
  net.visit(site.layer, pipeline_detail::ApplyCallAtRows<State, Y>{site, x, rows, y});
}

}  // namespace painters
