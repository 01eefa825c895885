// Log-likelihoods of continuations under any number of plans: many requests in one pass, and what
// plans have in common computed once.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <painters/backend/token_likelihood.hpp>
#include <painters/engine/request.hpp>
#include <painters/engine/sweep.hpp>
#include <painters/engine/token_tree.hpp>
#include <painters/error.hpp>
#include <painters/pipeline/apply_call.hpp>
#include <painters/pipeline/fit.hpp>
#include <painters/plan/application_graph.hpp>
#include <painters/plan/plan.hpp>
#include <painters/tensor/buffer.hpp>

namespace painters::engine {

/// Told, before each layer call over a pass, how many of all such calls are done; what it throws
/// ends the work.
using Progress = std::function<void(std::size_t done, std::size_t total)>;

/// Given the scores of requests first .. first + scores.size() - 1 under a plan as soon as they are
/// there.
using OnScores =
    std::function<void(std::size_t plan, std::size_t first, std::span<const Score> scores)>;

struct ScorerOptions {
  /// Requests are packed up to so many tokens, common beginnings counted once.
  std::size_t tokens_per_pass = 4096;
  /// Bytes for states and scratch; passes get smaller to stay below, down to one request.
  std::size_t memory = std::numeric_limits<std::size_t>::max();
};

/// Model: models::Llama or another causal language model with its members.
template <class Model>
class Scorer {
 public:
  explicit Scorer(const Model& model, ScorerOptions options = {})
      : model_(model), options_(options) {}

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
      for (const text::TokenId id : *tokens) model_.check_token(id);
  }

  /// Scores all requests under all plans. A text longer than the model's context loses tokens at
  /// its beginning. Throws UsageError for a plan that does not fit the model and Error for a
  /// request that check() refuses, before anything is scored.
  void score(std::span<const PlanView> plans, std::span<const TokenRequest> requests,
             const OnScores& on_scores, const Progress& progress = {}) const {
    for (const PlanView plan : plans) check_fit(plan, model_.layers());
    for (const TokenRequest& request : requests) check(request);

    ApplicationGraph graph;
    std::vector<ApplicationGraph::StateId> ends;
    std::multimap<ApplicationGraph::StateId, std::size_t> plans_of;
    for (const PlanView plan : plans) {
      ends.push_back(graph.add(plan));
      plans_of.emplace(ends.back(), ends.size() - 1);
    }
    const SweepOrder order(graph, ends);
    const std::vector<Pass> passes = cut(requests, tokens_per_pass(order));

    const std::size_t total = passes.size() * order.applications();
    std::size_t done = 0;
    for (const Pass& pass : passes) {
      const TokenTree tree(pass.inputs);
      const std::vector<std::size_t> rows = wanted_rows(tree, pass, requests);
      const auto count = [&] {
        if (progress) progress(done, total);
        ++done;
      };
      const auto apply = [&](std::uint32_t layer, Part part, typename Model::State& x) {
        count();
        apply_call(model_.layers(), CallSite{.layer = layer, .part = part}, x);
      };
      const auto give = [&](ApplicationGraph::StateId end, tensor::ConstMatrix hidden) {
        const std::vector<Score> scores = scores_of(tree, pass, requests, rows, hidden);
        const auto [first, last] = plans_of.equal_range(end);
        for (auto at = first; at != last; ++at) on_scores(at->second, pass.first, scores);
      };
      tensor::Buffer hidden(rows.size(), model_.config().hidden_size);
      const auto on_end = [&](ApplicationGraph::StateId end, const typename Model::State& x) {
        for (std::size_t r = 0; r < rows.size(); ++r)
          std::copy_n(x.values().row(rows[r]), hidden.cols(), hidden.view().row(r));
        give(end, hidden.view());
      };
      const auto on_last = [&](ApplicationGraph::StateId end, std::uint32_t layer, Part part,
                               const typename Model::State& x) {
        count();
        model_.layers()[layer].apply_at(part, x, rows, hidden.view());
        give(end, hidden.view());
      };
      sweep(order, model_.embed(tree.tokens(), tree.batch()), apply, on_end, on_last);
    }
    if (progress) progress(total, total);
  }

  /// The scores of one plan, in the order of the requests.
  std::vector<Score> score(PlanView plan, std::span<const TokenRequest> requests,
                           const Progress& progress = {}) const {
    std::vector<Score> all;
    score(
        std::span(&plan, 1), requests,
        [&](std::size_t, std::size_t, std::span<const Score> scores) {
          all.insert(all.end(), scores.begin(), scores.end());
        },
        progress);
    return all;
  }

 private:
  /// Neighbouring requests that go through the layers together.
  struct Pass {
    std::size_t first = 0;
    std::vector<text::Tokens> inputs;
  };

  std::vector<Pass> cut(std::span<const TokenRequest> requests, std::size_t most) const {
    std::vector<Pass> passes;
    std::size_t tokens = 0;
    for (std::size_t i = 0; i < requests.size(); ++i) {
      text::Tokens input = input_of(requests[i]);
      if (!passes.empty()) {
        const std::size_t more = unshared(passes.back().inputs.back(), input);
        if (tokens + more <= most) {
          tokens += more;
          passes.back().inputs.push_back(std::move(input));
          continue;
        }
      }
      tokens = input.size();
      passes.emplace_back().first = i;
      passes.back().inputs.push_back(std::move(input));
    }
    return passes;
  }

  std::size_t tokens_per_pass(const SweepOrder& order) const {
    const auto& c = model_.config();
    const std::size_t attention =
        (2 * c.num_attention_heads + 2 * c.num_key_value_heads) * c.head_dim;
    const std::size_t bytes = sizeof(float) * (most_states(order) * c.hidden_size + attention);
    return std::clamp(options_.memory / bytes, std::size_t{1}, options_.tokens_per_pass);
  }

  /// What the model reads: all but the last token, as many as fit from the right.
  text::Tokens input_of(const TokenRequest& request) const {
    const std::size_t most = model_.config().max_position_embeddings;
    text::Tokens input = request.context;
    input.insert(input.end(), request.continuation.begin(), request.continuation.end() - 1);
    if (input.size() > most)
      input.erase(input.begin(), input.end() - static_cast<std::ptrdiff_t>(most));
    return input;
  }

  /// Tokens that `next` adds behind its neighbour.
  static std::size_t unshared(const text::Tokens& before, const text::Tokens& next) {
    const auto end = std::mismatch(before.begin(), before.end(), next.begin(), next.end()).second;
    return static_cast<std::size_t>(next.end() - end);
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
      const text::Tokens& continuation = requests[pass.first + i].continuation;
      const std::size_t first = pass.inputs[i].size() - continuation.size();
      for (std::size_t t = 0; t < continuation.size(); ++t)
        f(tree.row(i, first + t), continuation[t]);
    }
  }

  /// The scores of a pass from the hidden states [rows, hidden_size] of its wanted rows.
  std::vector<Score> scores_of(const TokenTree& tree, const Pass& pass,
                               std::span<const TokenRequest> requests,
                               std::span<const std::size_t> rows,
                               tensor::ConstMatrix hidden) const {
    std::vector<backend::TokenLikelihood> targets;
    std::vector<std::size_t> at;  // the row of `hidden` for each target
    for_each_target(tree, pass, requests, [&](std::size_t row, text::TokenId token) {
      targets.push_back({.target = token});
      at.push_back(
          static_cast<std::size_t>(std::lower_bound(rows.begin(), rows.end(), row) - rows.begin()));
    });
    tensor::Buffer x(at.size(), hidden.cols);
    for (std::size_t r = 0; r < at.size(); ++r)
      std::copy_n(hidden.row(at[r]), x.cols(), x.view().row(r));
    model_.head().token_likelihoods(model_.backend(), x.view(), targets);

    std::vector<Score> scores;
    auto target = targets.begin();
    for (std::size_t i = 0; i < pass.inputs.size(); ++i) {
      Score score{0, true, requests[pass.first + i].continuation.size()};
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
