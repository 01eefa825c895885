// The order in which a set of plans is computed: depth first, so that few states wait at a time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include <painters/plan/application_graph.hpp>

namespace painters::engine {

/// The order in which a graph's states are made. It depends on the graph alone.
///
/// A state that several others are made from is kept while all of them but the one with the most
/// work behind it are made, with what follows from them; that one takes its place. So at most
/// log2(applications) states wait at a time, and one sum for each parallel group that is under way.
class SweepOrder {
 public:
  /// The number of a state in the graph.
  using StateId = ApplicationGraph::StateId;

  /// `ends`: the states that are wanted. Others that no wanted one needs are left out. `graph` must
  /// outlive this.
  SweepOrder(const ApplicationGraph& graph, std::span<const StateId> ends)
      : graph_(&graph), nodes_(graph.size()) {
    for (const StateId end : ends) nodes_[end].is_needed = nodes_[end].is_end = true;
    nodes_[ApplicationGraph::beginning].is_needed = true;
    for (StateId id = static_cast<StateId>(graph.size()); id-- > 1;) {
      if (!nodes_[id].is_needed) continue;
      if (graph[id].is_call) {
        nodes_[graph[id].input].is_needed = true;
        nodes_[graph[id].input].calls.push_back(id);
        ++applications_;
        nodes_[id].work += 1;
        nodes_[graph[id].input].work += nodes_[id].work;
      } else {
        for (const ApplicationGraph::Term& term : graph.terms(id)) {
          nodes_[term.state].is_needed = true;
          nodes_[term.state].sums.push_back({id, term.coefficient});
        }
        nodes_[graph.terms(id).back().state].work += nodes_[id].work;
      }
    }
    for (Node& node : nodes_)
      std::stable_sort(node.calls.begin(), node.calls.end(),
                       [&](StateId a, StateId b) { return nodes_[a].work < nodes_[b].work; });
  }

  /// What the states are, and what they are made from.
  const ApplicationGraph& graph() const { return *graph_; }
  /// Calls of layers that are made.
  std::size_t applications() const { return applications_; }
  /// Whether the state is wanted.
  bool is_end(StateId id) const { return nodes_[id].is_end; }
  /// Whether the state is wanted and made by a call, and nothing is made from it.
  bool is_last(StateId id) const {
    const Node& node = nodes_[id];
    return node.is_end && (*graph_)[id].is_call && node.calls.empty() && node.sums.empty();
  }

  /// The calls on a state, the one with the most work behind it last.
  std::span<const StateId> calls(StateId id) const { return nodes_[id].calls; }
  /// The combinations that the state is a term of, with its coefficient in each.
  std::span<const ApplicationGraph::Term> sums(StateId id) const { return nodes_[id].sums; }

 private:
  struct Node {
    bool is_needed = false, is_end = false;
    double work =
        0;  // applications that follow from here, roughly: a sum counts at one of its terms
    std::vector<StateId> calls;
    std::vector<ApplicationGraph::Term> sums;
  };

  const ApplicationGraph* graph_;
  std::vector<Node> nodes_;
  std::size_t applications_ = 0;
};

}  // namespace painters::engine
