// Log-likelihoods of continuations under any number of plans: many requests in one pass, and what
// plans have in common computed once.
#pragma once

#include <cstddef>
#include <map>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <painters/backend/token_likelihood.hpp>
#include <painters/engine/batches.hpp>
#include <painters/engine/pass.hpp>
#include <painters/engine/pass_handler.hpp>
#include <painters/engine/pass_work.hpp>
#include <painters/engine/progress.hpp>
#include <painters/engine/request.hpp>
#include <painters/engine/run_passes.hpp>
#include <painters/engine/scores.hpp>
#include <painters/error.hpp>
#include <painters/layers/activation_hooks.hpp>
#include <painters/models/concepts.hpp>
#include <painters/plan/application_graph.hpp>
#include <painters/plan/plan.hpp>

namespace painters::engine {

/// Model: models::CausalLm or another language model with its members.
template <models::LanguageModel Model>
class Scorer {
 public:
  /// `model` must outlive this. Beginnings are shared only where it is causal.
  explicit Scorer(const Model& model, PassOptions options = {})
      : model_(model), options_(options) {}
  explicit Scorer(const Model&&, PassOptions = {}) = delete;  // a model that ends with the line

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
    model_.check(request.context);
    model_.check(request.continuation);
  }

  /// What the model reads of a request: all tokens but the last, and of these the last ones that
  /// its context holds. Throws Error for a request without continuation.
  text::Tokens input_of(const TokenRequest& request) const {
    if (request.continuation.empty())
      throw Error("expected a continuation of at least one token, found none");
    text::Tokens input = request.context;
    input.insert(input.end(), request.continuation.begin(), request.continuation.end() - 1);
    const std::size_t most = model_.config().max_position_embeddings;
    if (input.size() > most)
      input.erase(input.begin(), input.end() - static_cast<std::ptrdiff_t>(most));
    return input;
  }

  /// Scores the plans and requests that the batches name, and hands on every score as soon as it is
  /// known. A text longer than the model's context loses tokens at its beginning. Throws, before
  /// anything is scored, UsageError for a plan that does not fit the model, and Error for a request
  /// that check() refuses or that does not fit in memory. `hooks`, null for none, number the texts
  /// of each batch as the batch does.
  void score(std::span<const Plan> plans, std::span<const TokenRequest> requests,
             std::span<const Batch> batches, const OnScore& on_score,
             const OnProgress& on_progress = {},
             const layers::ActivationHooks* hooks = nullptr) const {
    for (const TokenRequest& request : requests) check(request);
    for (const Batch& batch : batches) check(batch, plans.size(), requests.size());
    Likelihoods likelihoods{model_, requests, batches, on_score, {}};
    std::vector<PassWork> works;
    for (const Batch& batch : batches) {
      PassWork& work = works.emplace_back(hooks);
      auto& plans_of = likelihoods.plans_of.emplace_back();
      for (const std::size_t plan : batch.plans)
        plans_of.emplace(work.add(plans[plan], model_.layers()), plan);
      for (const std::size_t request : batch.requests)
        work.add({input_of(requests[request]), requests[request].continuation.size()});
    }
    run_passes(model_, std::span<const PassWork>(works), likelihoods, options_, on_progress);
  }

  /// The scores of all requests under all plans.
  Scores score(std::span<const Plan> plans, std::span<const TokenRequest> requests,
               const OnProgress& on_progress = {},
               const layers::ActivationHooks* hooks = nullptr) const {
    Scores scores(plans.size(), requests.size());
    const Batch all{numbers(plans.size()), numbers(requests.size())};
    score(
        plans, requests, std::span(&all, 1),
        [&](std::size_t plan, std::size_t request, const Score& score) {
          scores(plan, request) = score;
        },
        on_progress, hooks);
    return scores;
  }

  /// The scores of one plan, in the order of the requests.
  std::vector<Score> score(PlanView plan, std::span<const TokenRequest> requests,
                           const OnProgress& on_progress = {}) const {
    const Plan one(plan);
    const Scores scores = score(std::span(&one, 1), requests, on_progress);
    return {scores.of_plan(0).begin(), scores.of_plan(0).end()};
  }

 private:
  using StateId = ApplicationGraph::StateId;

  static void check(const Batch& batch, std::size_t plans, std::size_t requests) {
    const auto require = [](const auto& numbers, std::size_t count, const char* what) {
      for (const std::size_t number : numbers)
        if (number >= count)
          throw UsageError("expected batches of the " + std::to_string(count) + " " + what +
                           " that are given, found number " + std::to_string(number) +
                           ": count from 0");
    };
    require(batch.plans, plans, "plans");
    require(batch.requests, requests, "requests");
  }
  static std::vector<std::size_t> numbers(std::size_t count) {
    std::vector<std::size_t> all(count);
    std::iota(all.begin(), all.end(), std::size_t{0});
    return all;
  }

  /// Turns the rows before the tokens of continuations into scores. Each PassWork is a batch.
  struct Likelihoods {
    const Model& model;
    std::span<const TokenRequest> requests;
    std::span<const Batch> batches;
    const OnScore& on_score;
    std::vector<std::multimap<StateId, std::size_t>> plans_of;  // of a batch, by their end

    std::size_t bytes_per_row() const { return sizeof(float) * model.config().hidden_size; }

    void on_rows(const RunningPass& pass, StateId end,
                 typename Model::Backend::ConstMatrix hidden) const {
      const std::vector<Score> scores = scores_of(pass, hidden);
      const auto [first, last] = plans_of[pass.work].equal_range(end);
      for (auto at = first; at != last; ++at)
        for (std::size_t i = 0; i < scores.size(); ++i)
          on_score(at->second, request(pass, i), scores[i]);
    }

    std::size_t request(const RunningPass& pass, std::size_t i) const {
      return batches[pass.work].requests[pass.texts[i]];
    }

    std::vector<Score> scores_of(const RunningPass& pass,
                                 typename Model::Backend::ConstMatrix hidden) const {
      std::vector<text::TokenId> targets;
      std::vector<std::size_t> places;  // in `hidden`, of the row that predicts each target
      for (std::size_t i = 0; i < pass.texts.size(); ++i) {
        const text::Tokens& continuation = requests[request(pass, i)].continuation;
        const std::size_t first = pass.tree.size(i) - continuation.size();
        for (std::size_t t = 0; t < continuation.size(); ++t) {
          targets.push_back(continuation[t]);
          places.push_back(pass.place(i, first + t));
        }
      }
      auto x = model.backend().buffer(places.size(), hidden.cols);
      model.backend().gather(hidden, places, x.view());
      const std::vector<backend::TokenLikelihood> likelihoods =
          model.head().token_likelihoods(model.backend(), std::as_const(x).view(), targets);

      std::vector<Score> scores;
      auto likelihood = likelihoods.begin();
      for (std::size_t i = 0; i < pass.texts.size(); ++i) {
        Score score{0, true, requests[request(pass, i)].continuation.size()};
        for (std::size_t t = 0; t < score.tokens; ++t, ++likelihood) {
          score.loglikelihood += likelihood->log_probability();
          score.is_greedy = score.is_greedy && likelihood->is_greedy();
        }
        scores.push_back(score);
      }
      return scores;
    }
  };

  const Model& model_;
  PassOptions options_;
};

}  // namespace painters::engine
