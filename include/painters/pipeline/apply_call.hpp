// The one primitive under everything that executes plans: apply a call to a state, and to a memory
// where there is one.
#pragma once

#include <painters/error.hpp>
#include <painters/pipeline/concepts.hpp>
#include <painters/pipeline/network.hpp>
#include <painters/pipeline/require.hpp>
#include <painters/pipeline/slot.hpp>
#include <painters/pipeline/walk.hpp>
#include <string>

namespace painters {

namespace pipeline_detail {

/// A part was called of a layer that does not offer what the call needs.
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

}  // namespace pipeline_detail

/// Applies the layer or part of `net` that `site` names to x. The layer must exist; throws
/// UsageError if it does not offer parts and one is called.
template <Network Net, class State>
void apply_call(const Net& net, const CallSite& site, State& x) {
  net.visit(site.layer, pipeline_detail::ApplyCall<State>{site, x});
}

/// The same with a memory, which a layer that has none leaves alone. A new Slot is an empty memory.
template <Network Net, class State>
void apply_call(const Net& net, const CallSite& site, State& x, Slot& memory) {
  net.visit(site.layer, pipeline_detail::ApplyCallWithMemory<State>{site, x, memory});
}

}  // namespace painters
