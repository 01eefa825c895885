// Many texts through many plans: packed into passes, each distinct application of a layer made
// once, and the wanted states handed to a handler of the user's own; see pass_handler.hpp.
//
//   struct Lengths {  // of the states after every step
//     std::map<ApplicationGraph::StateId, double> squares;
//     void on_state(const engine::RunningPass&, ApplicationGraph::StateId id, const State& x) {
//       squares[id] += dot(x, x);
//     }
//   };
//   engine::PassWork work;
//   const auto states = work.add_states(plan, model.layers());
//   for (const text::Tokens& tokens : texts) work.add({.tokens = tokens});
//   Lengths lengths;
//   engine::run_passes(model, std::span(&work, 1), lengths);
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <painters/engine/pass.hpp>
#include <painters/engine/pass_handler.hpp>
#include <painters/engine/pass_work.hpp>
#include <painters/engine/progress.hpp>
#include <painters/engine/run_hooked.hpp>
#include <painters/engine/spill.hpp>
#include <painters/engine/sweep.hpp>
#include <painters/engine/sweep_memory.hpp>
#include <painters/engine/sweep_order.hpp>
#include <painters/engine/token_tree.hpp>
#include <painters/error.hpp>
#include <painters/layers/hooked_calls.hpp>
#include <painters/models/concepts.hpp>
#include <painters/pipeline/apply_call.hpp>
#include <painters/pipeline/cursor.hpp>
#include <painters/plan/application_graph.hpp>
#include <painters/plan/queries.hpp>

namespace painters::engine {

namespace detail {

template <models::Model Model, class Handler>
class PassRunner {
  using State = typename Model::State;
  using StateId = ApplicationGraph::StateId;

 public:
  PassRunner(const Model& model, Handler& handler, const PassOptions& options, Meter& meter)
      : model_(model), handler_(handler), options_(options), meter_(meter) {
    if (!Model::is_causal && options_.sharing == Sharing::beginnings)
      options_.sharing = Sharing::equal_texts;
  }

  /// A PassWork that fits in memory, cut into passes.
  struct Ready {
    const PassWork& work;
    SweepOrder order;  // of nothing if there are hooks
    std::vector<Pass> passes;
    bool waits_on_disk;
  };

  Ready make_ready(const PassWork& work) const {
    require_layers(work);
    const bool hooked = work.hooks() != nullptr;
    if (hooked && makes_calls)
      throw UsageError("expected no hooks beside a handler that makes the calls itself");
    Ready ready{
        work,
        SweepOrder(work.graph(), hooked ? std::span<const StateId>{} : work.wanted(), last_calls),
        {},
        false};
    std::size_t tokens = 0, longest = 0;
    for (const PassText& text : work.texts()) {
      tokens += text.tokens.size();
      longest = std::max(longest, text.tokens.size());
    }
    // States wait on disk if they would otherwise leave room for too few tokens: writing and
    // reading one takes less time than making it again.
    const std::size_t least = std::max(longest, std::min(tokens, enough_tokens));
    PassMemory memory = memory_of(hooked ? most_hooked_states(work) : most_states(ready.order));
    if constexpr (requires { model_.bytes_per_row_with_taps(); })
      if (hooked) memory.bytes_of_layer = model_.bytes_per_row_with_taps();
    ready.waits_on_disk = !hooked && memory(least, 0) > options_.memory;
    if (ready.waits_on_disk) memory = memory_of(most_states_at_work(ready.order));
    const PassOptions options = options_of(work);
    ready.passes = cut_into_passes(work.texts(), options, memory);
    require_memory(ready.passes, options, memory);
    for (const Pass& pass : ready.passes)
      meter_.expect(hooked ? work.calls() : ready.order.applications(), pass.tokens);
    meter_.compare(static_cast<double>(work.calls()), static_cast<double>(tokens));
    return ready;
  }

  void run(std::size_t number, const Ready& ready, const Pass& pass) {
    std::vector<text::Tokens> texts;
    for (const std::size_t text : pass.texts) texts.push_back(ready.work.texts()[text].tokens);
    const TokenTree tree(texts, options_of(ready.work).sharing);
    const RunningPass running{number, pass.texts, tree, rows_of(tree, ready.work, pass)};
    Steps steps(*this, running, ready.order.graph(), pass.tokens);
    State x = embed(tree);
    if (ready.work.hooks()) {
      run_hooked(model_, ready.work, pass.texts, x, steps);
    } else if (ready.waits_on_disk) {
      WaitOnDisk wait(tree.tokens().size(), model_.config().hidden_size);
      sweep(ready.order, std::move(x), steps, wait);
    } else {
      sweep(ready.order, std::move(x), steps);
    }
  }

 private:
  static constexpr bool takes_rows = HandlesRows<Handler, Model>;
  static constexpr bool makes_calls = MakesCalls<Handler, Model>;
  static constexpr LastCalls last_calls =
      takes_rows && !makes_calls ? LastCalls::apart : LastCalls::like_others;

  /// Passes of fewer tokens spend more than a few percent of the time on reading the weights.
  static constexpr std::size_t enough_tokens = 1024;

  /// What a sweep does in a pass.
  class Steps {
   public:
    Steps(PassRunner& runner, const RunningPass& pass, const ApplicationGraph& graph,
          std::size_t tokens)
        : runner_(runner),
          pass_(pass),
          graph_(graph),
          tokens_(tokens),
          rows_(runner.model_.backend().buffer(takes_rows ? pass.rows.size() : 0,
                                               runner.model_.config().hidden_size)) {}

    void apply(StateId id, State& x) {
      runner_.meter_.count(tokens_);
      if constexpr (makes_calls)
        runner_.handler_.apply(pass_, id, site_of(graph_, id), x);
      else
        apply_call(runner_.model_.layers(), site_of(graph_, id), x);
    }

    void on_state(StateId id, const State& x) {
      if constexpr (takes_rows) {
        take_rows(x, pass_.rows, rows_.view());
        tell_rows(id);
      } else {
        runner_.handler_.on_state(pass_, id, x);
      }
    }

    void on_last(StateId id, const State& x) requires(last_calls == LastCalls::apart) {
      runner_.meter_.count(tokens_);
      apply_call(runner_.model_.layers(), site_of(graph_, id), x, pass_.rows, rows_.view());
      tell_rows(id);
    }

    void before_call() { runner_.meter_.count(tokens_); }

   private:
    void tell_rows(StateId id) { runner_.handler_.on_rows(pass_, id, std::as_const(rows_).view()); }

    PassRunner& runner_;
    const RunningPass& pass_;
    const ApplicationGraph& graph_;
    std::size_t tokens_;
    typename Model::Backend::Buffer rows_;
  };

  void require_layers(const PassWork& work) const {
    const std::size_t layers = model_.layers().size();
    const auto require = [&](std::size_t layer) {
      if (layer >= layers)
        throw UsageError("expected plans that were added for a model of " + std::to_string(layers) +
                         " layers, found a call of layer " + std::to_string(layer) +
                         ": add them with the layers of the model that runs them");
    };
    for (StateId id = 1; id < work.graph().size(); ++id)
      if (work.graph()[id].is_call) require(work.graph()[id].layer);
    for (const PassWork::HookedPlan& plan : work.hooked_plans())
      if (const std::size_t needed = layers_needed(plan.plan); needed > 0) require(needed - 1);
    if (work.hooks()) check_hooks(work, layers);
  }

  PassOptions options_of(const PassWork& work) const {
    PassOptions options = options_;
    if (work.hooks()) options.sharing = Sharing::nothing;
    return options;
  }

  State embed(const TokenTree& tree) const {
    if constexpr (models::Encoder<Model>)
      return model_.embed(tree.tokens(), {}, tree.batch());
    else
      return model_.embed(tree.tokens(), tree.batch());
  }

  PassMemory memory_of(std::size_t states) const {
    const std::size_t bytes_of_state = sizeof(float) * model_.config().hidden_size;
    PassMemory memory{.states = states,
                      .bytes_of_state = bytes_of_state,
                      .bytes_of_layer = model_.bytes_per_row()};
    if constexpr (takes_rows) memory.bytes_of_row = bytes_of_state;
    if constexpr (requires { handler_.bytes_per_row(); })
      memory.bytes_of_row += handler_.bytes_per_row();
    return memory;
  }

  /// The rows of the last tokens that texts of the pass ask for.
  static std::vector<std::size_t> rows_of(const TokenTree& tree, const PassWork& work,
                                          const Pass& pass) {
    std::vector<std::size_t> rows;
    if (!takes_rows) return rows;
    for (std::size_t i = 0; i < pass.texts.size(); ++i) {
      const PassText& text = work.texts()[pass.texts[i]];
      for (std::size_t t = text.tokens.size() - text.rows; t < text.tokens.size(); ++t)
        rows.push_back(tree.row(i, t));
    }
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    return rows;
  }

  const Model& model_;
  Handler& handler_;
  PassOptions options_;
  Meter& meter_;
};

}  // namespace detail

/// Runs one PassWork after another and hands the wanted states to the handler. Beginnings of texts
/// are shared only where the model is causal; tokens of an encoder have type 0. Throws Error before
/// anything runs if a text does not fit in memory; tokens that the model refuses to embed end the
/// work with the model's error.
template <models::Model Model, class Handler>
void run_passes(const Model& model, std::span<const PassWork> works, Handler& handler,
                const PassOptions& options = {}, const OnProgress& on_progress = {}) {
  if constexpr (detail::require_handler<Handler, Model>()) {
    Meter meter(on_progress);
    detail::PassRunner<Model, Handler> runner(model, handler, options, meter);
    std::vector<typename detail::PassRunner<Model, Handler>::Ready> all;
    for (const PassWork& work : works) all.push_back(runner.make_ready(work));
    for (std::size_t number = 0; number < all.size(); ++number)
      for (const Pass& pass : all[number].passes) runner.run(number, all[number], pass);
    meter.finish();
  }
}

}  // namespace painters::engine
