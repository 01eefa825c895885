// A plan under hooks: every call is made for itself, as hooks tell calls apart.
#pragma once


#include <painters/layers/hooked_calls.hpp>
#include <painters/models/concepts.hpp>
#include <painters/pipeline/apply_call.hpp>
#include <painters/pipeline/executor.hpp>
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

}  // namespace painters::engine
