// One text through a plan: what the model's head makes of it, and the states between the steps.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <painters/engine/sweep.hpp>
#include <painters/engine/sweep_order.hpp>
#include <painters/pipeline/apply_call.hpp>
#include <painters/pipeline/fit.hpp>
#include <painters/plan/application_graph.hpp>
#include <painters/plan/node.hpp>
#include <painters/tensor/buffer.hpp>
#include <painters/tensor/packed_batch.hpp>
#include <painters/text/token.hpp>

namespace painters::engine {

namespace detail {

/// Tells the states that a plan goes through, in the order of its steps.
template <class Layers, class State, class F>
class PathVisitor {
 public:
  using StateId = ApplicationGraph::StateId;

  PathVisitor(const Layers& layers, const ApplicationGraph& graph, std::span<const StateId> path,
              F& on_state)
      : layers_(layers), graph_(graph), path_(path), on_state_(on_state) {}

  void apply(StateId id, State& x) const { apply_call(layers_, site_of(graph_, id), x); }

  /// A state that a step leaves as it is is told again.
  void on_state(StateId id, const State& x) {
    for (; !path_.empty() && path_.front() == id; path_ = path_.subspan(1))
      on_state_(x, path_.size() == 1);
  }

 private:
  const Layers& layers_;
  const ApplicationGraph& graph_;
  std::span<const StateId> path_;  // not told yet
  F& on_state_;
};

/// on_state(x, is_last) for the state before the first step of the plan and after each.
template <class Layers, class State, class F>
void run_steps(const Layers& layers, PlanView plan, State x, F&& on_state) {
  ApplicationGraph graph;
  std::vector<ApplicationGraph::StateId> path;
  graph.add(plan, [&](ApplicationGraph::StateId id) { path.push_back(id); });
  sweep(SweepOrder(graph, path), std::move(x),
        PathVisitor<Layers, State, std::remove_reference_t<F>>(layers, graph, path, on_state));
}

}  // namespace detail

/// Logits [tokens, vocab_size] of a causal model; on_state(values) is called with the state
/// [tokens, hidden_size] before the first step and after each, see for_each_step. Throws UsageError
/// for a plan that does not fit the model and Error for ids outside its vocabulary.
template <class Model, class F>
tensor::Buffer logits(const Model& model, PlanView plan, std::span<const text::TokenId> tokens,
                      F&& on_state) {
  check_fit(plan, model.layers());
  const tensor::PackedBatch batch = tensor::single_sequence(tokens.size());
  tensor::Buffer logits(tokens.size(), model.config().vocab_size);
  detail::run_steps(model.layers(), plan, model.embed(tokens, batch),
                    [&](const typename Model::State& x, bool is_last) {
                      on_state(x.values());
                      if (is_last) model.head().logits(model.backend(), x.values(), logits.view());
                    });
  return logits;
}

/// The same for an encoder, whose tokens have types (none: all 0): what its head gives, see
/// models::BertHead::logits.
template <class Model, class F>
tensor::Buffer logits(const Model& model, PlanView plan, std::span<const text::TokenId> tokens,
                      std::span<const int> token_types, F&& on_state) {
  check_fit(plan, model.layers());
  const tensor::PackedBatch batch = tensor::single_sequence(tokens.size());
  tensor::Buffer logits;
  detail::run_steps(model.layers(), plan, model.embed(tokens, token_types, batch),
                    [&](const typename Model::State& x, bool is_last) {
                      on_state(x.values());
                      if (is_last) logits = model.head().logits(x);
                    });
  return logits;
}

}  // namespace painters::engine
