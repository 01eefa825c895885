// One text through a plan: logits at every position, and the states between the steps.
#pragma once

#include <span>
#include <utility>

#include <painters/pipeline/executor.hpp>
#include <painters/plan/node.hpp>
#include <painters/plan/queries.hpp>
#include <painters/tensor/buffer.hpp>
#include <painters/tensor/packed_batch.hpp>
#include <painters/text/token.hpp>

namespace painters::engine {

/// Logits [tokens, vocab_size]. on_state(values) is called with the state [tokens, hidden_size]
/// before the first step and after each; see for_each_step. Throws UsageError
/// for a plan that does not fit the model and Error for ids outside its vocabulary.
template <class Model, class F>
tensor::Buffer forward(const Model& model, PlanView plan, std::span<const text::TokenId> tokens,
                       F&& on_state) {
  check_fit(plan, model.layers());
  const tensor::PackedBatch batch = tensor::single_sequence(tokens.size());
  typename Model::State x = model.embed(tokens, batch);
  on_state(std::as_const(x).values());
  for_each_step(plan, [&](PlanView one) {
    run(one, model.layers(), x);
    on_state(std::as_const(x).values());
  });
  tensor::Buffer logits(tokens.size(), model.config().vocab_size);
  model.head().logits(model.backend(), std::as_const(x).values(), logits.view());
  return logits;
}

}  // namespace painters::engine
