// Keys of what plans compute: plans that are spelt differently but make the same state have the
// same key.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include <painters/engine/content_key.hpp>
#include <painters/plan/application_graph.hpp>

namespace painters::engine {

/// The key of every state of a graph, by its number. The key of a call is made of the layer, the
/// part and the key of its input; that of a combination of its terms in the order of their keys, so
/// that it does not depend on what else is in the graph.
inline std::vector<ContentKey> state_keys(const ApplicationGraph& graph) {
  std::vector<ContentKey> keys(graph.size());
  for (ApplicationGraph::StateId id = 1; id < graph.size(); ++id) {
    const ApplicationGraph::State& state = graph[id];
    KeyBuilder builder;
    builder.add(state.is_call);
    if (state.is_call) {
      builder.add(state.layer);
      builder.add(static_cast<std::uint32_t>(state.part));
      builder.add(keys[state.input]);
    } else {
      std::vector<std::pair<ContentKey, double>> terms;
      for (const ApplicationGraph::Term& term : graph.terms(id))
        terms.emplace_back(keys[term.state], term.coefficient);
      std::sort(terms.begin(), terms.end());
      for (const auto& [key, coefficient] : terms) {
        builder.add(key);
        builder.add(coefficient);
      }
    }
    keys[id] = builder.key();
  }
  return keys;
}

/// The key of the state that a plan ends with.
inline ContentKey key_of(PlanView plan) {
  ApplicationGraph graph;
  const ApplicationGraph::StateId end = graph.add(plan);
  return state_keys(graph)[end];
}

}  // namespace painters::engine
