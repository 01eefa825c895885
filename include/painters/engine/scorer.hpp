// Log-likelihoods of continuations under any number of plans: many requests in one pass, and what
// plans have in common computed once.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <painters/backend/token_likelihood.hpp>
#include <painters/engine/batches.hpp>
#include <painters/engine/passes.hpp>
#include <painters/engine/progress.hpp>
#include <painters/engine/request.hpp>
#include <painters/engine/spill.hpp>
#include <painters/engine/sweep.hpp>
#include <painters/engine/token_tree.hpp>
#include <painters/error.hpp>
#include <painters/models/concepts.hpp>
#include <painters/pipeline/apply_call.hpp>
#include <painters/pipeline/fit.hpp>
#include <painters/plan/application_graph.hpp>
#include <painters/plan/plan.hpp>
#include <painters/plan/queries.hpp>

namespace painters::engine {

/// Given every score as soon as it is there.
using OnScore = std::function<void(std::size_t plan, std::size_t request, const Score& score)>;

/// Model: models::CausalLm or another language model with its members.
template <models::LanguageModel Model>
class Scorer {
 public:
  /// `model` must outlive this. Beginnings are shared only where it is causal.
  explicit Scorer(const Model& model, ScorerOptions options = {})
      : model_(model), options_(options) {
    options_.shares_beginnings = options_.shares_beginnings && Model::is_causal;
  }

  /// Throws Error for a request that cannot be scored: one without context or continuation, with a
  /// continuation longer than the model's context, or with tokens outside its vocabulary.
  void check(const TokenRequest& request) const {
    const std::size_t most = model_.config().max_position_embeddings;
    if (request.context.empty())
      throw Error("expected a context of at least one token, found none");
    if (request.continuation.empty())
      throw Error("expected a continuation of at least one token, found none");
    if (request.continuation.size() > most)
      throw Error("expected a continuation of at most " + std::to_string(most) +
                  " tokens, the model's context, found " +
                  std::to_string(request.continuation.size()));
    for (const text::Tokens* tokens : {&request.context, &request.continuation})
      model_.check(*tokens);
  }

  /// What the model reads of a request: all tokens but the last, those from the right that it can.
  text::Tokens input_of(const TokenRequest& request) const {
    text::Tokens input = request.context;
    input.insert(input.end(), request.continuation.begin(), request.continuation.end() - 1);
    input.erase(input.begin(), input.end() - static_cast<std::ptrdiff_t>(input_size(request)));
    return input;
  }

  /// Scores what the batches name of plans and requests. A text longer than the model's context
  /// loses tokens at its beginning. Throws, before anything is scored, UsageError for a plan that
  /// does not fit the model, and Error for a request that check() refuses or that does not fit in
  /// the memory.
  void score(std::span<const PlanView> plans, std::span<const TokenRequest> requests,
             std::span<const Batch> batches, const OnScore& on_score,
             const OnProgress& on_progress = {}) const {
    for (const PlanView plan : plans) check_fit(plan, model_.layers());
    for (const TokenRequest& request : requests) check(request);
    std::vector<std::unique_ptr<Work>> all;
    Meter meter(on_progress);
    for (const Batch& batch : batches) {
      all.push_back(std::make_unique<Work>(*this, plans, requests, batch));
      const Work& work = *all.back();
      for (const Pass& pass : work.passes) meter.expect(work.order->applications(), pass.tokens);
      meter.compare(work.calls_one_by_one, work.tokens_one_by_one);
    }
    for (auto& work : all) {
      for (const Pass& pass : work->passes) run(*work, pass, requests, on_score, meter);
      work.reset();
    }
    meter.finish();
  }

  /// Scores all requests under all plans.
  void score(std::span<const PlanView> plans, std::span<const TokenRequest> requests,
             const OnScore& on_score, const OnProgress& on_progress = {}) const {
    const Batch all{numbers(plans.size()), numbers(requests.size())};
    score(plans, requests, std::span(&all, 1), on_score, on_progress);
  }

  /// The scores of one plan, in the order of the requests.
  std::vector<Score> score(PlanView plan, std::span<const TokenRequest> requests,
                           const OnProgress& on_progress = {}) const {
    std::vector<Score> all(requests.size());
    score(
        std::span(&plan, 1), requests,
        [&](std::size_t, std::size_t request, const Score& score) { all[request] = score; },
        on_progress);
    return all;
  }

 private:
  using State = typename Model::State;
  using StateId = ApplicationGraph::StateId;

  /// Passes of fewer tokens spend more than a few percent of the time on reading the weights.
  static constexpr std::size_t enough_tokens = 1024;

  static std::vector<std::size_t> numbers(std::size_t count) {
    std::vector<std::size_t> all(count);
    std::iota(all.begin(), all.end(), std::size_t{0});
    return all;
  }

  /// A batch, ready to be run.
  struct Work {
    Work(const Scorer& scorer, std::span<const PlanView> plans,
         std::span<const TokenRequest> requests, const Batch& batch) {
      std::vector<StateId> ends;
      for (const std::size_t plan : batch.plans) {
        ends.push_back(graph.add(plans[plan]));
        plans_of.emplace(ends.back(), plan);
        calls_one_by_one += static_cast<double>(calls(plans[plan]));
      }
      order = std::make_unique<const SweepOrder>(graph, ends);
      std::size_t tokens = 0, longest = 0;
      for (const std::size_t request : batch.requests) {
        const std::size_t size = scorer.input_size(requests[request]);
        tokens += size;
        longest = std::max(longest, size);
      }
      tokens_one_by_one = static_cast<double>(tokens);
      // States wait on disk where they leave room for too few tokens otherwise: writing and
      // reading one takes less than making it again.
      const std::size_t least = std::max(longest, std::min(tokens, enough_tokens));
      const PassMemory in_memory = scorer.memory_of(most_states(*order));
      waits_on_disk = in_memory(least, 0) > scorer.options_.memory;
      const PassMemory memory =
          waits_on_disk ? scorer.memory_of(most_states_at_work(*order)) : in_memory;
      passes = cut_into_passes(requests, batch.requests, scorer.options_, memory,
                               [&](const TokenRequest& r) { return scorer.input_of(r); });
      require_memory(passes, scorer.options_, memory);
    }

    ApplicationGraph graph;
    std::multimap<StateId, std::size_t> plans_of;  // by the state that they end with
    std::unique_ptr<const SweepOrder> order;
    double calls_one_by_one = 0, tokens_one_by_one = 0;
    bool waits_on_disk = false;
    std::vector<Pass> passes;
  };

  void run(const Work& work, const Pass& pass, std::span<const TokenRequest> requests,
           const OnScore& on_score, Meter& meter) const {
    const TokenTree tree(pass.inputs, options_.shares_beginnings);
    const std::vector<std::size_t> rows = wanted_rows(tree, pass, requests);
    const auto apply = [&](std::uint32_t layer, Part part, State& x) {
      meter.count(pass.tokens);
      apply_call(model_.layers(), CallSite{.layer = layer, .part = part}, x);
    };
    const auto give = [&](StateId end, typename Model::Backend::ConstMatrix hidden) {
      const std::vector<Score> scores = scores_of(tree, pass, requests, rows, hidden);
      const auto [first, last] = work.plans_of.equal_range(end);
      for (auto at = first; at != last; ++at)
        for (std::size_t i = 0; i < scores.size(); ++i)
          on_score(at->second, pass.requests[i], scores[i]);
    };
    auto hidden = model_.backend().buffer(rows.size(), model_.config().hidden_size);
    const auto on_end = [&](StateId end, const State& x) {
      take_rows(x, rows, hidden.view());
      give(end, hidden.view());
    };
    const auto on_last = [&](StateId end, std::uint32_t layer, Part part, const State& x) {
      meter.count(pass.tokens);
      model_.layers()[layer].apply_at(part, x, rows, hidden.view());
      give(end, hidden.view());
    };
    State x = model_.embed(tree.tokens(), tree.batch());
    if (work.waits_on_disk) {
      WaitOnDisk wait(sizeof(float) * x.values().rows * x.values().cols);
      sweep(*work.order, std::move(x), apply, on_end, on_last, wait);
    } else {
      sweep(*work.order, std::move(x), apply, on_end, on_last);
    }
  }

  PassMemory memory_of(std::size_t states) const {
    const auto& c = model_.config();
    return {.states = states,
            .bytes_of_state = sizeof(float) * c.hidden_size,
            .bytes_of_layer = model_.bytes_per_row(),
            .bytes_of_target = sizeof(float) * 2 * c.hidden_size};
  }

  /// How many tokens the model reads: all but the last, as many as it can.
  std::size_t input_size(const TokenRequest& request) const {
    return std::min(request.context.size() + request.continuation.size() - 1,
                    std::size_t{model_.config().max_position_embeddings});
  }

  /// The rows whose next token a request of the pass asks for, in ascending order, each once.
  std::vector<std::size_t> wanted_rows(const TokenTree& tree, const Pass& pass,
                                       std::span<const TokenRequest> requests) const {
    std::vector<std::size_t> rows;
    for_each_target(tree, pass, requests,
                    [&](std::size_t row, text::TokenId) { rows.push_back(row); });
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    return rows;
  }

  /// f(row, token) for each token of each continuation: the row that predicts it.
  template <class F>
  static void for_each_target(const TokenTree& tree, const Pass& pass,
                              std::span<const TokenRequest> requests, const F& f) {
    for (std::size_t i = 0; i < pass.inputs.size(); ++i) {
      const text::Tokens& continuation = requests[pass.requests[i]].continuation;
      const std::size_t first = pass.inputs[i].size() - continuation.size();
      for (std::size_t t = 0; t < continuation.size(); ++t)
        f(tree.row(i, first + t), continuation[t]);
    }
  }

  /// The scores of a pass from the hidden states [rows, hidden_size] of its wanted rows.
  std::vector<Score> scores_of(const TokenTree& tree, const Pass& pass,
                               std::span<const TokenRequest> requests,
                               std::span<const std::size_t> rows,
                               typename Model::Backend::ConstMatrix hidden) const {
    std::vector<text::TokenId> tokens;
    std::vector<std::size_t> at;  // the row of `hidden` for each target
    for_each_target(tree, pass, requests, [&](std::size_t row, text::TokenId token) {
      tokens.push_back(token);
      at.push_back(
          static_cast<std::size_t>(std::lower_bound(rows.begin(), rows.end(), row) - rows.begin()));
    });
    auto x = model_.backend().buffer(at.size(), hidden.cols);
    model_.backend().gather(hidden, at, x.view());
    const std::vector<backend::TokenLikelihood> targets =
        model_.head().token_likelihoods(model_.backend(), std::as_const(x).view(), tokens);

    std::vector<Score> scores;
    auto target = targets.begin();
    for (std::size_t i = 0; i < pass.inputs.size(); ++i) {
      Score score{0, true, requests[pass.requests[i]].continuation.size()};
      for (std::size_t t = 0; t < score.tokens; ++t, ++target) {
        score.loglikelihood += target->log_probability();
        score.is_greedy = score.is_greedy && target->is_greedy();
      }
      scores.push_back(score);
    }
    return scores;
  }

  const Model& model_;
  ScorerOptions options_;
};

}  // namespace painters::engine
