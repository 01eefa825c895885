// One text through a plan: what the model's head makes of it, and the states between the steps.
#pragma once

#include <span>
#include <utility>

#include <painters/backend/on_host.hpp>
#include <painters/layers/hidden_states.hpp>
#include <painters/pipeline/executor.hpp>
#include <painters/plan/node.hpp>
#include <painters/plan/queries.hpp>
#include <painters/tensor/buffer.hpp>
#include <painters/tensor/packed_batch.hpp>
#include <painters/text/token.hpp>

namespace painters::engine {

/// Runs the plan on x; on_state(values) is called with the host's copy of the state [tokens,
/// hidden_size] before the first step and after each; see for_each_step.
template <class Layers, class State, class F>
void run_steps(const Layers& network, PlanView plan, State& x, F&& on_state) {
  const auto show = [&] {
    const tensor::Buffer host = layers::on_host(x);
    on_state(host.view());
  };
  show();
  for_each_step(plan, [&](PlanView one) {
    run(one, network, x);
    show();
  });
}

/// Logits [tokens, vocab_size] of a causal model; on_state: see run_steps. Throws UsageError for a
/// plan that does not fit the model and Error for ids outside its vocabulary.
template <class Model, class F>
tensor::Buffer forward(const Model& model, PlanView plan, std::span<const text::TokenId> tokens,
                       F&& on_state) {
  check_fit(plan, model.layers());
  typename Model::State x = model.embed(tokens, tensor::single_sequence(tokens.size()));
  run_steps(model.layers(), plan, x, on_state);
  auto logits = model.backend().buffer(tokens.size(), model.config().vocab_size);
  model.head().logits(model.backend(), std::as_const(x).values(), logits.view());
  return backend::on_host(model.backend(), std::as_const(logits).view());
}

/// The same for an encoder, whose tokens have types (none: all 0): what its head gives, see
/// models::BertHead::logits.
template <class Model, class F>
tensor::Buffer forward(const Model& model, PlanView plan, std::span<const text::TokenId> tokens,
                       std::span<const int> token_types, F&& on_state) {
  check_fit(plan, model.layers());
  typename Model::State x =
      model.embed(tokens, token_types, tensor::single_sequence(tokens.size()));
  run_steps(model.layers(), plan, x, on_state);
  const auto logits = model.head().logits(x);
  return backend::on_host(model.backend(), logits.view());
}

}  // namespace painters::engine
