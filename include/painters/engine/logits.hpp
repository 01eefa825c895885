// One text through a plan: what the model's head makes of it, and the states between the steps.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <painters/backend/on_host.hpp>
#include <painters/engine/run_hooked.hpp>
#include <painters/engine/sweep.hpp>
#include <painters/engine/sweep_order.hpp>
#include <painters/layers/activation_hooks.hpp>
#include <painters/layers/hidden_states.hpp>
#include <painters/layers/hooked_calls.hpp>
#include <painters/models/concepts.hpp>
#include <painters/pipeline/apply_call.hpp>
#include <painters/pipeline/fit.hpp>
#include <painters/plan/application_graph.hpp>
#include <painters/plan/node.hpp>
#include <painters/plan/queries.hpp>
#include <painters/tensor/buffer.hpp>
#include <painters/tensor/packed_batch.hpp>
#include <painters/text/token.hpp>

namespace painters::engine {

namespace detail {

/// Reports the states that a plan goes through, in the order of its steps.
template <class Layers, class State, class F>
class PathVisitor {
 public:
  using StateId = ApplicationGraph::StateId;

  PathVisitor(const Layers& layers, const ApplicationGraph& graph, std::span<const StateId> path,
              F& on_state)
      : layers_(layers), graph_(graph), path_(path), on_state_(on_state) {}

  void apply(StateId id, State& x) const { apply_call(layers_, site_of(graph_, id), x); }

  /// A state that a step leaves unchanged is reported again.
  void on_state(StateId id, const State& x) {
    for (; !path_.empty() && path_.front() == id; path_ = path_.subspan(1))
      on_state_(x, path_.size() == 1);
  }

 private:
  const Layers& layers_;
  const ApplicationGraph& graph_;
  std::span<const StateId> path_;  // not reported yet
  F& on_state_;
};

/// Shows on_state host copies of the states that a plan goes through, and returns what `last` makes
/// of the final one, on the host too.
template <class Model, class F, class Last>
tensor::Buffer run_steps(const Model& model, PlanView plan, typename Model::State x, F& on_state,
                         const layers::ActivationHooks* hooks, const Last& last) {
  tensor::Buffer result;
  const auto show = [&](const typename Model::State& state, bool is_last) {
    const tensor::Buffer host = layers::on_host(state);
    on_state(host.view());
    if (is_last) {
      const auto logits = last(state);
      result = backend::on_host(model.backend(), logits.view());
    }
  };
  if (hooks && !hooks->empty()) {
    hooks->check(model.layers().size(), calls(plan), 1);
    layers::HookedCalls<typename Model::Backend> hooked(*hooks, model.layers().size());
    std::uint64_t left = steps(plan);
    show(x, left == 0);
    run_hooked(
        model, plan, x, hooked, [&](const typename Model::State& y) { show(y, --left == 0); },
        [] {});
    return result;
  }
  ApplicationGraph graph;
  std::vector<ApplicationGraph::StateId> path;
  graph.add(plan, [&](ApplicationGraph::StateId id) { path.push_back(id); });
  sweep(SweepOrder(graph, path), std::move(x),
        PathVisitor<typename Model::Layers, typename Model::State, decltype(show)>(
            model.layers(), graph, path, show));
  return result;
}

}  // namespace detail

/// Logits [tokens, vocab_size] of a causal model; on_state(values) is called with a host copy of
/// the state [tokens, hidden_size] before the first step and after each, see for_each_step. Throws
/// UsageError for a plan that does not fit the model and Error for ids outside its vocabulary.
/// `hooks` may be null.
template <models::LanguageModel Model, class F>
tensor::Buffer logits(const Model& model, PlanView plan, std::span<const text::TokenId> tokens,
                      F&& on_state, const layers::ActivationHooks* hooks = nullptr) {
  check_fit(plan, model.layers());
  return detail::run_steps(model, plan, model.embed(tokens, tensor::single_sequence(tokens.size())),
                           on_state, hooks, [&](const typename Model::State& x) {
                             auto rows =
                                 model.backend().buffer(tokens.size(), model.config().vocab_size);
                             model.head().logits(model.backend(), x.values(), rows.view());
                             return rows;
                           });
}

/// The same for an encoder, whose tokens have types (none: all 0): what its head gives, see
/// models::BertHead::logits.
template <models::Encoder Model, class F>
tensor::Buffer logits(const Model& model, PlanView plan, std::span<const text::TokenId> tokens,
                      std::span<const int> token_types, F&& on_state,
                      const layers::ActivationHooks* hooks = nullptr) {
  check_fit(plan, model.layers());
  return detail::run_steps(
      model, plan, model.embed(tokens, token_types, tensor::single_sequence(tokens.size())),
      on_state, hooks, [&](const typename Model::State& x) { return model.head().logits(x); });
}

}  // namespace painters::engine
