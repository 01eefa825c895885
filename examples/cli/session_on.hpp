// Sessions on a backend: the one place of the program that knows the types of models. To be
// included by session_<name>.cpp only.
#pragma once

#include <cmath>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <painters/backend/host_memory.hpp>
#include <painters/engine/damaged_weights.hpp>
#include <painters/engine/encoding.hpp>
#include <painters/engine/fingerprint.hpp>
#include <painters/engine/logits.hpp>
#include <painters/engine/provenance.hpp>
#include <painters/engine/score_missing.hpp>
#include <painters/engine/scorer.hpp>
#include <painters/error.hpp>
#include <painters/models/bert.hpp>
#include <painters/models/causal_lm.hpp>
#include <painters/models/families.hpp>
#include <painters/models/model_file.hpp>
#include <painters/models/model_tokenizer.hpp>
#include <painters/tensor/packed_batch.hpp>

#include "machine.hpp"
#include "session.hpp"
#include "version.hpp"

namespace painters::cli {

namespace detail {

/// What sessions of all models share: a backend with a model on it.
template <class B, class Model>
class ModelSession : public Session {
 public:
  template <class... Options>
  ModelSession(const std::filesystem::path& path, const SessionOptions& options,
               const Options&... model_options)
      : path_(path),
        backend_(
            backend::make<B>({.weights = options.weights_memory, .file = machine_memory() / 2})),
        model_(path, backend_, model_options...) {}

  std::size_t layers() const final { return model_.layers().size(); }
  engine::Run run() const final { return engine::run_of(backend_, version()); }

 protected:
  /// Logits of the inputs that embed() takes. Throws Error if damaged weights make them NaN or
  /// infinite.
  template <class... Inputs>
  tensor::Buffer checked_logits(PlanView plan,
                                const std::function<void(tensor::ConstMatrix)>& on_state,
                                const Inputs&... inputs) const {
    bool is_finite = true;
    tensor::Buffer logits =
        engine::logits(model_, plan, inputs..., [&](tensor::ConstMatrix values) {
          is_finite = is_finite && backend::HostMemory().is_finite(values);
          on_state(values);
        });
    if (!is_finite || !backend::HostMemory().is_finite(std::as_const(logits).view()))
      refuse_damaged_weights(plan, inputs...);
    return logits;
  }

  /// For a text whose results under a plan are not numbers: throws Error if that is the file's
  /// fault.
  template <class... Inputs>
  void refuse_damaged_weights(PlanView plan, std::span<const text::TokenId> tokens,
                              const Inputs&... more) const {
    engine::refuse_damaged_weights(
        model_, path_, plan, model_.embed(tokens, more..., tensor::single_sequence(tokens.size())));
  }

  std::filesystem::path path_;
  B backend_;
  Model model_;
};

template <class B>
class CausalSession final : public ModelSession<B, models::CausalLm<B>> {
  using Base = ModelSession<B, models::CausalLm<B>>;
  using Base::model_, Base::path_;

 public:
  CausalSession(const std::filesystem::path& path, const SessionOptions& options)
      : Base(path, options,
             models::CausalLmOptions{.ignores_sliding_window = options.ignore_sliding_window}),
        scorer_(model_, {.tokens_per_pass = most_tokens, .memory = options.memory}),
        drops_window_(options.ignore_sliding_window && !model_.config().sliding_windows.empty()) {}

  LogitsKind logits_kind() const override { return LogitsKind::next_token; }

  engine::Origin origin() const override {
    std::string precision = engine::precision_text(this->backend_);
    if (drops_window_) precision += ", without the model's sliding window";
    const auto name = std::filesystem::is_directory(path_)
                          ? (path_ / "").parent_path().filename().string()
                          : path_.stem().string();
    return {
        .model = engine::fingerprint(path_), .model_name = name, .precision = std::move(precision)};
  }

  engine::TokenRequest encode(const engine::Request& request, bool add_bos) const override {
    return complete(engine::encode(tokenizer(), request, add_bos));
  }
  engine::TokenRequest complete(engine::TokenRequest request) const override {
    if (request.context.empty()) request.context = {engine::prefix_token(tokenizer())};
    scorer_.check(request);
    return request;
  }

  void score(std::span<const Plan> plans, std::span<const engine::TokenRequest> requests,
             engine::ScoreStore* store, const Session::IsWanted& is_wanted,
             const engine::OnScore& on_score, const engine::OnProgress& on_progress) override {
    std::vector<bool> grows(plans.size());  // plans that diverge even with good weights
    const auto on_checked = [&](std::size_t plan, std::size_t request, const engine::Score& score) {
      if (!std::isfinite(score.loglikelihood) && !grows[plan]) {
        const text::Tokens input = scorer_.input_of(requests[request]);
        this->refuse_damaged_weights(plans[plan], input);
        grows[plan] = true;
      }
      on_score(plan, request, score);
    };
    if (store) {
      store->begin_run(this->run());
      engine::score_missing(scorer_, *store, plans, requests, is_wanted, on_checked, on_progress);
    } else {
      const auto batches = engine::batches(plans.size(), requests.size(), is_wanted);
      scorer_.score(plans, requests, batches, on_checked, on_progress);
    }
  }

  tensor::Buffer logits(PlanView plan, std::span<const text::TokenId> tokens,
                        std::span<const int> token_types,
                        const std::function<void(tensor::ConstMatrix)>& on_state) override {
    if (!token_types.empty())
      throw Error("expected no token types for this model, which embeds none, found " +
                  std::to_string(token_types.size()));
    return this->checked_logits(plan, on_state, tokens);
  }

 private:
  /// Read when a text first needs it: token ids alone do without.
  const text::Tokenizer& tokenizer() const {
    if (!tokenizer_) tokenizer_ = models::load_model_tokenizer(path_, model_.config().vocab_size);
    return *tokenizer_;
  }

  engine::Scorer<models::CausalLm<B>> scorer_;
  bool drops_window_;  // scores differ from those with it
  mutable std::optional<text::Tokenizer> tokenizer_;
};

[[noreturn]] inline void refuse_encoder(const std::filesystem::path& path) {
  throw Error("expected a causal language model, found a BERT in " + path.string() +
              ", which has no likelihoods of next tokens; see painters forward for its states");
}

template <class B>
class EncoderSession final : public ModelSession<B, models::Bert<B>> {
 public:
  using ModelSession<B, models::Bert<B>>::ModelSession;

  LogitsKind logits_kind() const override {
    switch (this->model_.head().kind()) {
      case models::BertHeadKind::classifier:
        return this->model_.config().is_regression ? LogitsKind::values : LogitsKind::classes;
      case models::BertHeadKind::masked_lm:
        return LogitsKind::masked_token;
      case models::BertHeadKind::pooler:
        return LogitsKind::pooled;
      case models::BertHeadKind::none:
        break;
    }
    return LogitsKind::none;
  }

  engine::Origin origin() const override { refuse_encoder(this->path_); }
  engine::TokenRequest encode(const engine::Request&, bool) const override {
    refuse_encoder(this->path_);
  }
  engine::TokenRequest complete(engine::TokenRequest) const override {
    refuse_encoder(this->path_);
  }
  void score(std::span<const Plan>, std::span<const engine::TokenRequest>, engine::ScoreStore*,
             const Session::IsWanted&, const engine::OnScore&, const engine::OnProgress&) override {
    refuse_encoder(this->path_);
  }

  tensor::Buffer logits(PlanView plan, std::span<const text::TokenId> tokens,
                        std::span<const int> token_types,
                        const std::function<void(tensor::ConstMatrix)>& on_state) override {
    return this->checked_logits(plan, on_state, tokens, token_types);
  }
};

}  // namespace detail

template <class B>
std::unique_ptr<Session> open_session_on(const std::filesystem::path& model,
                                         const SessionOptions& options) {
  if (models::kind_of(models::ModelFile::open(model)) == models::ModelKind::encoder)
    return std::make_unique<detail::EncoderSession<B>>(model, options);
  return std::make_unique<detail::CausalSession<B>>(model, options);
}

}  // namespace painters::cli
