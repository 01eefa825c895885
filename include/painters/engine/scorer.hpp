// Log-likelihoods of continuations under any plan, many requests in one pass.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <painters/backend/token_likelihood.hpp>
#include <painters/engine/request.hpp>
#include <painters/engine/token_tree.hpp>
#include <painters/error.hpp>
#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/fit.hpp>
#include <painters/plan/node.hpp>
#include <painters/tensor/buffer.hpp>

namespace painters::engine {

/// Told how many requests are done, before each call of a layer; what it throws ends the work.
using Progress = std::function<void(std::size_t done)>;

/// Model: models::Llama or another causal language model with its members.
template <class Model>
class Scorer {
 public:
  /// `tokens_per_pass`: requests are packed up to so many tokens, common beginnings counted once.
  explicit Scorer(const Model& model, std::size_t tokens_per_pass = 4096)
      : model_(model), tokens_per_pass_(tokens_per_pass) {}

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

  /// A score for each request, in order. A text longer than the model's context loses tokens at its
  /// beginning. Throws UsageError for a plan that does not fit the model and Error for a request
  /// that check() refuses.
  std::vector<Score> score(PlanView plan, std::span<const TokenRequest> requests,
                           const Progress& progress = {}) const {
    check_fit(plan, model_.layers());
    for (const TokenRequest& request : requests) check(request);
    std::vector<Score> scores(requests.size());
    for (std::size_t first = 0; first < requests.size();) {
      std::vector<text::Tokens> inputs;
      std::size_t tokens = 0;
      while (first + inputs.size() < requests.size()) {
        text::Tokens input = input_of(requests[first + inputs.size()]);
        const std::size_t more = inputs.empty() ? input.size() : unshared(inputs.back(), input);
        if (!inputs.empty() && tokens + more > tokens_per_pass_) break;
        tokens += more;
        inputs.push_back(std::move(input));
      }
      const auto group = requests.subspan(first, inputs.size());
      score_pass(plan, group, inputs, std::span(scores).subspan(first, inputs.size()), [&] {
        if (progress) progress(first);
      });
      first += inputs.size();
    }
    if (progress) progress(requests.size());
    return scores;
  }

 private:
  struct BeforeCalls {
    const std::function<void()>& look;
    void before_call(const CallSite&, typename Model::State&) const { look(); }
  };

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

  void score_pass(PlanView plan, std::span<const TokenRequest> requests,
                  std::span<const text::Tokens> inputs, std::span<Score> scores,
                  const std::function<void()>& look) const {
    const TokenTree tree(inputs);
    typename Model::State x = model_.embed(tree.tokens(), tree.batch());
    run(plan, model_.layers(), x, BeforeCalls{look});

    std::vector<backend::TokenLikelihood> targets;
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < requests.size(); ++i) {
      const text::Tokens& continuation = requests[i].continuation;
      const std::size_t first = inputs[i].size() - continuation.size();
      for (std::size_t t = 0; t < continuation.size(); ++t) {
        targets.push_back({.target = continuation[t]});
        rows.push_back(tree.row(i, first + t));
      }
    }
    tensor::Buffer hidden(rows.size(), x.values().cols);
    for (std::size_t r = 0; r < rows.size(); ++r)
      std::copy_n(std::as_const(x).values().row(rows[r]), hidden.cols(), hidden.view().row(r));
    model_.head().token_likelihoods(model_.backend(), hidden.view(), targets);

    auto target = targets.begin();
    for (std::size_t i = 0; i < requests.size(); ++i) {
      Score score{0, true, requests[i].continuation.size()};
      for (std::size_t t = 0; t < score.tokens; ++t, ++target) {
        score.loglikelihood += target->log_probability();
        score.is_greedy = score.is_greedy && target->is_greedy();
      }
      scores[i] = score;
    }
  }

  const Model& model_;
  std::size_t tokens_per_pass_;
};

}  // namespace painters::engine
