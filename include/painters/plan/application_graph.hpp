// What a set of plans has to compute, each thing once: the distinct applications of layers to
// states.
//
// A state is known by how it is made, so that two plans that make it in the same way share it: the
// beginnings of plans, the branches of groups that start from one state, the first iterations of
// loops of any length. A parallel group is the linear combination that node.hpp describes: terms
// in the order of their states, equal ones added up, so that mean(13, 14) is mean(14, 13) and the
// group of one branch with weight 1 is that branch. Terms whose coefficients add up to 0 are left
// out, and calls that only branches of weight 0 make are not in the graph.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include <painters/plan/node.hpp>
#include <painters/plan/queries.hpp>

namespace painters {

/// The states that plans pass through, each once. Numbers of states, of type Id, are handed out in
/// the order in which they can be made. A template, because its vectors are compiled only where it
/// is used; ApplicationGraph is what is meant.
template <class Id>
class BasicApplicationGraph {
 public:
  using StateId = Id;                      // the number of a state
  static constexpr StateId beginning = 0;  // before the first layer

  /// `coefficient` times a state.
  struct Term {
    StateId state = 0;       // which one
    double coefficient = 0;  // of the state
    friend constexpr bool operator==(const Term&, const Term&) = default;
  };

  /// How a state is made of those with smaller numbers.
  struct State {
    bool is_call = false;                     // else the beginning or a combination
    Part part = whole;                        // of a call
    std::uint32_t layer = 0;                  // of a call
    StateId input = 0;                        // of a call
    std::uint32_t first_term = 0, terms = 0;  // of a combination
  };

  constexpr BasicApplicationGraph() : states_(1), links_(1) {}

  /// The state that the plan ends with; what other plans have computed is not added again. The plan
  /// must be one that validate accepts. Takes time in proportion to its calls.
  constexpr StateId add(PlanView plan) { return sequence(plan, beginning); }

  /// The same, and on_state(id) for every state that the plan goes through: the beginning, then the
  /// one after each step that for_each_step reports, the last of which is the end. A state that the
  /// plan comes back to, as `sum(none)` does, is reported again.
  template <class F>
  constexpr StateId add(PlanView plan, F&& on_state) {
    StateId state = beginning;
    on_state(state);
    for_each_step(plan, [&](PlanView step) {
      state = sequence(step, state);
      on_state(state);
    });
    return state;
  }

  /// How many states there are; each is made only of earlier ones.
  constexpr std::size_t size() const { return states_.size(); }
  /// State `id`.
  constexpr const State& operator[](StateId id) const { return states_[id]; }
  /// The terms of a combination, in the order in which they are added.
  constexpr std::span<const Term> terms(StateId id) const {
    return {terms_.data() + states_[id].first_term, states_[id].terms};
  }

  /// How many distinct applications of layers there are.
  constexpr std::size_t applications() const { return applications_; }

  /// The sum of cost(layer, part) over them: the cost of all plans when what they have in common is
  /// computed once.
  template <class Cost>
  constexpr auto sum_over_applications(const Cost& cost) const {
    std::invoke_result_t<const Cost&, std::uint32_t, Part> sum{};
    for (const State& state : states_)
      if (state.is_call) sum += cost(state.layer, state.part);
    return sum;
  }

 private:
  static constexpr StateId none = 0;  // the beginning is nobody's child

  /// Lists of the states that are made from a state: calls, and combinations with it as first term.
  struct Links {
    StateId first_call = none, next_call = none;
    StateId first_combination = none, next_combination = none;
  };

  constexpr StateId sequence(PlanView plan, StateId state) {
    for (std::size_t i = 0; i < plan.size(); i = plan.next(i)) {
      const Node& node = plan[i];
      if (node.kind == NodeKind::call)
        state = call(node.value, node.part, state);
      else if (node.kind == NodeKind::repeat)
        for (std::uint32_t t = 0; t < node.value; ++t) state = sequence(plan.below(i), state);
      else
        state = group(node.kind, plan.below(i), state);
    }
    return state;
  }

  constexpr StateId call(std::uint32_t layer, Part part, StateId input) {
    for (StateId id = links_[input].first_call; id != none; id = links_[id].next_call)
      if (states_[id].layer == layer && states_[id].part == part) return id;
    const StateId id = add_state({true, part, layer, input, 0, 0});
    links_[id].next_call = links_[input].first_call;
    links_[input].first_call = id;
    ++applications_;
    return id;
  }

  constexpr StateId group(NodeKind kind, PlanView branches, StateId state) {
    double weights = 0;
    for (std::size_t i = 0; i < branches.size(); i = branches.next(i))
      weights += branches[i].weight;
    std::vector<Term> sum;
    if (kind == NodeKind::sum) add_term(sum, {state, 1 - weights});
    for (std::size_t i = 0; i < branches.size(); i = branches.next(i)) {
      const double weight = branches[i].weight;
      if (weight == 0) continue;  // nobody needs what it calls
      add_term(sum, {sequence(branches.below(i), state),
                     kind == NodeKind::sum ? weight : weight / weights});
    }
    std::erase_if(sum, [](const Term& term) { return term.coefficient == 0; });
    if (sum.empty()) sum.push_back({state, 0});  // coefficients add up to 1, but for rounding
    return combination(sum);
  }

  /// Keeps the terms in order, each state once.
  static constexpr void add_term(std::vector<Term>& sum, Term term) {
    auto at = sum.begin();
    while (at != sum.end() && at->state < term.state) ++at;
    if (at != sum.end() && at->state == term.state)
      at->coefficient += term.coefficient;
    else
      sum.insert(at, term);
  }

  constexpr StateId combination(const std::vector<Term>& sum) {
    const StateId first = sum.front().state;
    if (sum.size() == 1 && sum.front().coefficient == 1) return first;
    for (StateId id = links_[first].first_combination; id != none; id = links_[id].next_combination)
      if (same(terms(id), sum)) return id;
    const StateId id = add_state({false, whole, 0, 0, static_cast<std::uint32_t>(terms_.size()),
                                  static_cast<std::uint32_t>(sum.size())});
    terms_.insert(terms_.end(), sum.begin(), sum.end());
    links_[id].next_combination = links_[first].first_combination;
    links_[first].first_combination = id;
    return id;
  }

  static constexpr bool same(std::span<const Term> a, const std::vector<Term>& b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
      if (!(a[i] == b[i])) return false;
    return true;
  }

  constexpr StateId add_state(const State& state) {
    states_.push_back(state);
    links_.emplace_back();
    return static_cast<StateId>(states_.size() - 1);
  }

  std::vector<State> states_;
  std::vector<Links> links_;
  std::vector<Term> terms_;
  std::size_t applications_ = 0;
};

/// See BasicApplicationGraph; it has room for 2^32 states.
using ApplicationGraph = BasicApplicationGraph<std::uint32_t>;

}  // namespace painters
