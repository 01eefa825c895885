// A plan under hooks: every call is made for itself, as hooks tell calls apart.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include <painters/engine/pass_work.hpp>
#include <painters/layers/hooked_calls.hpp>
#include <painters/models/concepts.hpp>
#include <painters/pipeline/apply_call.hpp>
#include <painters/pipeline/cursor.hpp>
#include <painters/pipeline/executor.hpp>
#include <painters/plan/application_graph.hpp>
#include <painters/plan/node.hpp>
#include <painters/plan/queries.hpp>

namespace painters::engine {

/// Runs a plan that fits the model over x, step by step: on_step(x) follows each step of
/// for_each_step, before_call() precedes each call.
template <models::Model Model, class OnStep, class BeforeCall>
void run_hooked(const Model& model, PlanView plan, typename Model::State& x,
                layers::HookedCalls<typename Model::Backend>& hooked, const OnStep& on_step,
                const BeforeCall& before_call) {
  const auto apply = [&](const CallSite& site, typename Model::State& state) {
    before_call();
    apply_call(model.layers(), site, state);
  };
  for_each_step(plan, [&](PlanView step) {
    execute(step, x, apply, hooked);
    on_step(x);
  });
}

/// Throws UsageError for a hook on a layer, call or text that is not there.
inline void check_hooks(const PassWork& work, std::size_t layers) {
  std::uint64_t most_calls = 0;
  for (const PassWork::HookedPlan& plan : work.hooked_plans())
    most_calls = std::max(most_calls, calls(plan.plan));
  work.hooks()->check(layers, most_calls, work.texts().size());
}

/// How many states are in memory at a time: the one that runs, the one that all plans start from,
/// and two for each open group.
inline std::size_t most_hooked_states(const PassWork& work) {
  std::size_t deepest = 0;
  for (const PassWork::HookedPlan& plan : work.hooked_plans())
    for (PlanCursor cursor(plan.plan); cursor.next();)
      if (cursor.step() == WalkStep::call)
        deepest = std::max<std::size_t>(deepest, cursor.call().depth);
  return 2 + 2 * deepest;
}

/// Runs the plans of a work with hooks one by one over texts that start from `start`:
/// steps.on_state(id, x) is called for what is wanted, steps.before_call() before each call.
template <models::Model Model, class Steps>
void run_hooked(const Model& model, const PassWork& work, std::span<const std::size_t> texts,
                const typename Model::State& start, Steps& steps) {
  for (const PassWork::HookedPlan& plan : work.hooked_plans()) {
    layers::HookedCalls<typename Model::Backend> hooked(*work.hooks(), model.layers().size(),
                                                        texts);
    typename Model::State x = start;
    ApplicationGraph::StateId next = plan.first;
    if (plan.every_step) steps.on_state(next++, x);
    run_hooked(
        model, plan.plan, x, hooked,
        [&](const typename Model::State& state) {
          if (plan.every_step) steps.on_state(next++, state);
        },
        [&] { steps.before_call(); });
    if (!plan.every_step) steps.on_state(next, x);
  }
}

}  // namespace painters::engine
