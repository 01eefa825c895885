// The order in which a set of plans is computed: depth first, so that few states wait at a time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <painters/error.hpp>
#include <painters/plan/application_graph.hpp>

namespace painters::engine {

/// How to make the calls that give a wanted state from which nothing else is made.
enum class LastCalls {
  like_others,  // in place
  apart         // by the sweep's visitor, which may need only part of the result
};

/// The order in which a graph's states are made. It depends on the graph alone.
///
/// A state from which several others are made is kept while all of them but the one with the most
/// work behind it are made, together with what follows from them; that one then takes its place. So
/// at most log2(applications) states wait at a time, and one sum for each parallel group that is
/// under way.
class SweepOrder {
 public:
  /// The number of a state in the graph.
  using StateId = ApplicationGraph::StateId;

  /// `wanted`: the states that a sweep reports to its visitor. Other states are left out unless one
  /// of these needs them. `graph` must outlive this. Throws UsageError for a state that it lacks.
  SweepOrder(const ApplicationGraph& graph, std::span<const StateId> wanted,
             LastCalls last_calls = LastCalls::like_others)
      : graph_(&graph), last_calls_(last_calls), nodes_(graph.size()) {
    for (const StateId id : wanted) {
      if (id >= graph.size())
        throw UsageError("expected states of a graph that has " + std::to_string(graph.size()) +
                         ", found number " + std::to_string(id) +
                         ": want what its own add() has returned");
      nodes_[id].is_needed = nodes_[id].is_wanted = true;
    }
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

  SweepOrder(const ApplicationGraph&&, std::span<const StateId>,
             LastCalls = LastCalls::like_others) = delete;  // a graph that ends with the line

  /// What the states are, and what they are made from.
  const ApplicationGraph& graph() const { return *graph_; }
  /// How many layer calls are made.
  std::size_t applications() const { return applications_; }
  /// Whether the state is reported to the visitor.
  bool is_wanted(StateId id) const { return nodes_[id].is_wanted; }
  /// Whether the call that gives the state is left to the visitor.
  bool is_apart(StateId id) const {
    const Node& node = nodes_[id];
    return last_calls_ == LastCalls::apart && node.is_wanted && (*graph_)[id].is_call &&
           node.calls.empty() && node.sums.empty();
  }

  /// The calls on a state, the one with the most work behind it last.
  std::span<const StateId> calls(StateId id) const { return nodes_[id].calls; }
  /// The combinations that the state is a term of, with its coefficient in each.
  std::span<const ApplicationGraph::Term> sums(StateId id) const { return nodes_[id].sums; }

 private:
  struct Node {
    bool is_needed = false, is_wanted = false;
    double work = 0;  // applications that follow from here; a sum counts at one of its terms
    std::vector<StateId> calls;
    std::vector<ApplicationGraph::Term> sums;
  };

  const ApplicationGraph* graph_;
  LastCalls last_calls_;
  std::vector<Node> nodes_;
  std::size_t applications_ = 0;
};

}  // namespace painters::engine
