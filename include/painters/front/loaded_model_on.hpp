// Loaded models on a backend: the one place that knows the types of models.
//
//   #include <painters/backend/onednn.hpp>
//   #include <painters/front/loaded_model_on.hpp>
//   template std::unique_ptr<painters::front::LoadedModel>
//   painters::front::open_model_on<painters::backend::OneDnn>(const std::filesystem::path&,
//                                                             const painters::ModelOptions&);
//
// in one translation unit for each backend, side by side, keeps all others quick to compile. A
// program of one translation unit includes this and backend/built_in_all.hpp and needs no more.
#pragma once

#include <cmath>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <painters/backend/host_memory.hpp>
#include <painters/engine/batches.hpp>
#include <painters/engine/damaged_weights.hpp>
#include <painters/engine/encoding.hpp>
#include <painters/engine/fingerprint.hpp>
#include <painters/engine/logits.hpp>
#include <painters/engine/outputs.hpp>
#include <painters/engine/provenance.hpp>
#include <painters/engine/score_missing.hpp>
#include <painters/engine/scorer.hpp>
#include <painters/engine/text_outputs.hpp>
#include <painters/error.hpp>
#include <painters/front/loaded_model.hpp>
#include <painters/front/machine_memory.hpp>
#include <painters/models/bert.hpp>
#include <painters/models/causal_lm.hpp>
#include <painters/models/families.hpp>
#include <painters/models/model_file.hpp>
#include <painters/models/model_tokenizer.hpp>
#include <painters/tensor/packed_batch.hpp>

namespace painters::front {

namespace detail {

[[noreturn]] inline void refuse_encoder(const std::filesystem::path& path) {
  throw Error("expected a causal language model, found a BERT in " + path.string() +
              ", which has no likelihoods of next tokens; see painters forward for its states");
}

inline bool is_finite(const tensor::Buffer& values) {
  return backend::HostMemory().is_finite(values.view());
}

/// What loaded models of both kinds have in common: a backend with a model on it.
template <class B, class Model>
class ModelOn : public LoadedModel {
 public:
  template <class... More>
  ModelOn(const std::filesystem::path& path, const ModelOptions& options, const More&... more)
      : path_(path),
        options_{.tokens_per_pass = most_tokens, .memory = options.memory},
        backend_(
            backend::make<B>({.weights = options.weights_memory, .file = machine_memory() / 2})),
        model_(path, backend_, more...) {}

  const models::ModelSizes& sizes() const final { return model_.config(); }
  engine::Run run(std::string version) const final {
    return engine::run_of(backend_, std::move(version));
  }
  text::Tokens tokens(std::string_view text) const final {
    if constexpr (models::Encoder<Model>)
      return tokenizer().encode_with_special(text).ids;
    else
      return tokenizer().encode(text);
  }
  std::string text(std::span<const text::TokenId> tokens) const final {
    return tokenizer().decode(tokens);
  }

  std::vector<engine::TextOutputs> outputs(PlanView plan, std::span<const text::Tokens> texts,
                                           const engine::Wanted& wanted) const final {
    if (wanted.logits != engine::LogitsOf::no_token && !models::LanguageModel<Model>)
      refuse_encoder(path_);
    auto outputs = engine::text_outputs(model_, plan, texts, wanted, options_);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      bool all_finite = is_finite(outputs[i].logits);
      for (const tensor::Buffer& state : outputs[i].states)
        all_finite = all_finite && is_finite(state);
      if (all_finite) continue;
      refuse_damaged_weights(plan, texts[i]);
      break;  // the plan diverges even with good weights
    }
    return outputs;
  }

 protected:
  /// Logits of a text; `types` as embed() takes them, none for a model without.
  template <class... Types>
  tensor::Buffer checked_logits(PlanView plan,
                                const std::function<void(tensor::ConstMatrix)>& on_state,
                                std::span<const text::TokenId> tokens,
                                const Types&... types) const {
    if (tokens.empty()) throw Error("expected a text of at least one token, found none");
    bool all_finite = true;
    tensor::Buffer logits =
        engine::logits(model_, plan, tokens, types..., [&](tensor::ConstMatrix values) {
          all_finite = all_finite && backend::HostMemory().is_finite(values);
          on_state(values);
        });
    if (!all_finite || !is_finite(logits)) refuse_damaged_weights(plan, tokens, types...);
    return logits;
  }

  /// For a text whose results under a plan are not numbers: throws Error if that is the file's
  /// fault. `types`: none for a model without.
  void refuse_damaged_weights(PlanView plan, std::span<const text::TokenId> tokens,
                              std::span<const int> types = {}) const {
    auto batch = tensor::single_sequence(tokens.size());
    if constexpr (models::Encoder<Model>)
      engine::refuse_damaged_weights(model_, path_, plan,
                                     model_.embed(tokens, types, std::move(batch)));
    else
      engine::refuse_damaged_weights(model_, path_, plan, model_.embed(tokens, std::move(batch)));
  }

  /// Read when a text first needs it: tokens alone do without.
  const text::Tokenizer& tokenizer() const {
    std::call_once(reads_tokenizer_, [&] {
      tokenizer_ = models::load_model_tokenizer(path_, model_.config().vocab_size);
    });
    return *tokenizer_;
  }

  std::filesystem::path path_;
  engine::PassOptions options_;
  B backend_;
  Model model_;

 private:
  mutable std::once_flag reads_tokenizer_;
  mutable std::optional<text::Tokenizer> tokenizer_;
};

template <class B>
class CausalLmOn final : public ModelOn<B, models::CausalLm<B>> {
  using Base = ModelOn<B, models::CausalLm<B>>;
  using Base::model_, Base::path_, Base::options_;

 public:
  CausalLmOn(const std::filesystem::path& path, const ModelOptions& options)
      : Base(path, options,
             models::CausalLmOptions{.ignores_sliding_window = options.ignores_sliding_window}),
        scorer_(model_, options_),
        drops_window_(options.ignores_sliding_window && !model_.config().sliding_windows.empty()) {}

  LogitsKind logits_kind() const override { return LogitsKind::next_token; }

  tensor::Buffer logits(PlanView plan, std::span<const text::TokenId> tokens,
                        std::span<const int> token_types,
                        const std::function<void(tensor::ConstMatrix)>& on_state) const override {
    if (!token_types.empty())
      throw Error("expected no token types for this model, which embeds none, found " +
                  std::to_string(token_types.size()));
    return this->checked_logits(plan, on_state, tokens);
  }

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
    return complete(engine::encode(this->tokenizer(), request, add_bos));
  }
  engine::TokenRequest complete(engine::TokenRequest request) const override {
    if (request.context.empty()) request.context = {engine::prefix_token(this->tokenizer())};
    scorer_.check(request);
    return request;
  }

  void score(std::span<const Plan> plans, std::span<const engine::TokenRequest> requests,
             engine::ScoreStore* store, const LoadedModel::IsWanted& is_wanted,
             const engine::OnScore& on_score,
             const engine::OnProgress& on_progress) const override {
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
      engine::score_missing(scorer_, *store, plans, requests, is_wanted, on_checked, on_progress);
    } else {
      const auto batches = engine::batches(plans.size(), requests.size(), is_wanted);
      scorer_.score(plans, requests, batches, on_checked, on_progress);
    }
  }

 private:
  engine::Scorer<models::CausalLm<B>> scorer_;
  bool drops_window_;  // scores are other ones than with it
};

template <class B>
class EncoderOn final : public ModelOn<B, models::Bert<B>> {
 public:
  using ModelOn<B, models::Bert<B>>::ModelOn;

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

  tensor::Buffer logits(PlanView plan, std::span<const text::TokenId> tokens,
                        std::span<const int> token_types,
                        const std::function<void(tensor::ConstMatrix)>& on_state) const override {
    return this->checked_logits(plan, on_state, tokens, token_types);
  }

  engine::Origin origin() const override { refuse_encoder(this->path_); }
  engine::TokenRequest encode(const engine::Request&, bool) const override {
    refuse_encoder(this->path_);
  }
  engine::TokenRequest complete(engine::TokenRequest) const override {
    refuse_encoder(this->path_);
  }
  void score(std::span<const Plan>, std::span<const engine::TokenRequest>, engine::ScoreStore*,
             const LoadedModel::IsWanted&, const engine::OnScore&,
             const engine::OnProgress&) const override {
    refuse_encoder(this->path_);
  }
};

}  // namespace detail

template <class B>
std::unique_ptr<LoadedModel> open_model_on(const std::filesystem::path& path,
                                           const ModelOptions& options) {
  if (models::kind_of(models::ModelFile::open(path)) == models::ModelKind::encoder)
    return std::make_unique<detail::EncoderOn<B>>(path, options);
  return std::make_unique<detail::CausalLmOn<B>>(path, options);
}

}  // namespace painters::front
