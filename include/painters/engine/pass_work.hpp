// What run_passes() is to do: texts under plans.
#pragma once

#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <painters/engine/pass.hpp>
#include <painters/error.hpp>
#include <painters/layers/activation_hooks.hpp>
#include <painters/pipeline/fit.hpp>
#include <painters/pipeline/network.hpp>
#include <painters/plan/application_graph.hpp>
#include <painters/plan/node.hpp>
#include <painters/plan/plan.hpp>
#include <painters/plan/queries.hpp>

namespace painters::engine {

/// Each of these texts under each of these plans, and the states that are wanted. With hooks
/// nothing is shared: plans run one by one, each text by itself.
class PassWork {
 public:
  /// The number of a state: in graph(), or, with hooks, among all states that are wanted.
  using StateId = ApplicationGraph::StateId;

  /// A plan that runs under hooks, with the states that are wanted of it.
  struct HookedPlan {
    Plan plan;               // what runs
    StateId first = 0;       // the number of the first wanted state
    bool every_step = true;  // whether all that it goes through are wanted, else the last
  };

  /// `hooks`: null for none; must outlive this.
  explicit PassWork(const layers::ActivationHooks* hooks = nullptr) : hooks_(hooks) {
    if (hooks_ && hooks_->empty()) hooks_ = nullptr;
  }

  /// Wants the state that the plan ends with and returns its number. Throws UsageError for a plan
  /// that does not fit the layers of the model.
  template <Network Layers>
  StateId add(PlanView plan, const Layers& layers) {
    check_fit(plan, layers);
    calls_ += painters::calls(plan);
    wanted_.push_back(hooks_ ? add_hooked(plan, false)[0] : graph_.add(plan));
    return wanted_.back();
  }

  /// Wants every state that the plan goes through and returns their numbers: the beginning, then
  /// the state after each step of for_each_step. Throws UsageError as add() does.
  template <Network Layers>
  std::vector<StateId> add_states(PlanView plan, const Layers& layers) {
    check_fit(plan, layers);
    calls_ += painters::calls(plan);
    std::vector<StateId> states;
    if (hooks_)
      states = add_hooked(plan, true);
    else
      graph_.add(plan, [&](StateId id) { states.push_back(id); });
    wanted_.insert(wanted_.end(), states.begin(), states.end());
    return states;
  }

  /// Texts are numbered from 0. Neighbours that begin alike share passes best. Throws UsageError
  /// for a text without tokens or one that wants more rows than it has.
  void add(PassText text) {
    if (text.tokens.empty() || text.rows > text.tokens.size())
      throw UsageError(
          "expected a text of at least one token, and of no fewer than it wants rows, "
          "found one of " +
          std::to_string(text.tokens.size()) + " tokens that wants " + std::to_string(text.rows) +
          " rows: leave it out, or want fewer");
    texts_.push_back(std::move(text));
  }

  /// Null for none.
  const layers::ActivationHooks* hooks() const { return hooks_; }
  /// The plans, if there are hooks.
  std::span<const HookedPlan> hooked_plans() const { return hooked_plans_; }
  /// The states of all plans, each once; empty if there are hooks.
  const ApplicationGraph& graph() const { return graph_; }
  /// The states that are wanted; one may be there more than once.
  std::span<const StateId> wanted() const { return wanted_; }
  /// All texts.
  std::span<const PassText> texts() const { return texts_; }
  /// How many calls the plans make when run one by one, without sharing.
  std::uint64_t calls() const { return calls_; }

 private:
  std::vector<StateId> add_hooked(PlanView plan, bool every_step) {
    hooked_plans_.push_back({Plan(plan), static_cast<StateId>(wanted_.size()), every_step});
    std::vector<StateId> states(every_step ? steps(plan) + 1 : 1);
    std::iota(states.begin(), states.end(), static_cast<StateId>(wanted_.size()));
    return states;
  }

  const layers::ActivationHooks* hooks_;
  std::vector<HookedPlan> hooked_plans_;
  ApplicationGraph graph_;
  std::vector<StateId> wanted_;
  std::vector<PassText> texts_;
  std::uint64_t calls_ = 0;
};

}  // namespace painters::engine
