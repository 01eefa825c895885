// Logits and states of many texts of different lengths under one plan, in as few passes as the
// memory allows.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <painters/backend/on_host.hpp>
#include <painters/engine/outputs.hpp>
#include <painters/engine/pass.hpp>
#include <painters/engine/pass_handler.hpp>
#include <painters/engine/pass_work.hpp>
#include <painters/engine/progress.hpp>
#include <painters/engine/run_passes.hpp>
#include <painters/error.hpp>
#include <painters/layers/activation_hooks.hpp>
#include <painters/models/concepts.hpp>
#include <painters/plan/application_graph.hpp>
#include <painters/plan/node.hpp>
#include <painters/tensor/buffer.hpp>
#include <painters/text/token.hpp>

namespace painters::engine {

namespace detail {

template <models::Model Model>
struct KeepOutputs {
  using StateId = ApplicationGraph::StateId;

  const Model& model;
  const Wanted& wanted;
  std::span<const StateId> path;  // one after the other; a step may leave a state as it is
  std::span<TextOutputs> outputs;

  void on_state(const RunningPass& pass, StateId id, const typename Model::State& x) {
    for (std::size_t i = 0; i < pass.texts.size(); ++i) {
      TextOutputs& output = outputs[pass.texts[i]];
      const std::size_t tokens = pass.tree.size(i);
      if (wanted.states) {
        const tensor::Buffer values = on_host(rows_of(pass, i, 0, tokens, x));
        output.states.resize(path.size());
        for (std::size_t step = 0; step < path.size(); ++step)
          if (path[step] == id) output.states[step] = values;
      }
      if constexpr (models::LanguageModel<Model>) {
        if (wanted.logits == LogitsOf::no_token || id != path.back()) continue;
        const std::size_t first = wanted.logits == LogitsOf::last_token ? tokens - 1 : 0;
        const auto hidden = rows_of(pass, i, first, tokens, x);
        auto logits = model.backend().buffer(hidden.rows(), model.config().vocab_size);
        model.head().logits(model.backend(), hidden.view(), logits.view());
        output.logits = on_host(logits);
      }
    }
  }

 private:
  using Buffer = typename Model::Backend::Buffer;

  /// The state's rows of the tokens first .. end - 1 of a text.
  Buffer rows_of(const RunningPass& pass, std::size_t text, std::size_t first, std::size_t end,
                 const typename Model::State& x) const {
    std::vector<std::size_t> rows;
    for (std::size_t t = first; t < end; ++t) rows.push_back(pass.tree.row(text, t));
    Buffer values = model.backend().buffer(rows.size(), x.values().cols);
    take_rows(x, rows, values.view());
    return values;
  }

  tensor::Buffer on_host(const Buffer& values) const {
    return backend::on_host(model.backend(), values.view());
  }
};

}  // namespace detail

/// What is wanted of each text, in their order. Throws UsageError for a plan that does not fit the
/// model, and Error for a text without tokens, for ids outside the vocabulary, and for a text that
/// does not fit in the memory. What is kept comes on top of that memory. `hooks` may be null.
template <models::Model Model>
std::vector<TextOutputs> text_outputs(const Model& model, PlanView plan,
                                      std::span<const text::Tokens> texts, const Wanted& wanted,
                                      const PassOptions& options = {},
                                      const OnProgress& on_progress = {},
                                      const layers::ActivationHooks* hooks = nullptr) {
  for (const text::Tokens& tokens : texts) {
    if (tokens.empty()) throw Error("expected texts of at least one token, found one without");
    model.check(tokens);
  }
  PassWork work(hooks);
  std::vector<ApplicationGraph::StateId> path;
  if (wanted.states)
    path = work.add_states(plan, model.layers());
  else
    path = {work.add(plan, model.layers())};
  for (const text::Tokens& tokens : texts) work.add({.tokens = tokens});
  std::vector<TextOutputs> outputs(texts.size());
  detail::KeepOutputs<Model> keep{model, wanted, path, outputs};
  run_passes(model, std::span<const PassWork>(&work, 1), keep, options, on_progress);
  return outputs;
}

}  // namespace painters::engine
