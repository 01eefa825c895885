// A causal language model behind LoadedModel.
#pragma once

#include <cmath>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <painters/backend/host_memory.hpp>
#include <painters/backend/on_host.hpp>
#include <painters/engine/batches.hpp>
#include <painters/engine/damaged_weights.hpp>
#include <painters/engine/encoding.hpp>
#include <painters/engine/fingerprint.hpp>
#include <painters/engine/logits.hpp>
#include <painters/engine/provenance.hpp>
#include <painters/engine/score_missing.hpp>
#include <painters/engine/scorer.hpp>
#include <painters/engine/text_outputs.hpp>
#include <painters/error.hpp>
#include <painters/front/loaded_model.hpp>
#include <painters/front/model_on.hpp>
#include <painters/front/opened.hpp>
#include <painters/layers/activation_hooks.hpp>
#include <painters/layers/block_weights.hpp>
#include <painters/models/bert.hpp>
#include <painters/models/causal_lm.hpp>
#include <painters/models/edited.hpp>
#include <painters/models/families.hpp>
#include <painters/models/model_file.hpp>
#include <painters/tensor/packed_batch.hpp>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace painters::front {

namespace detail {

template <class B>
class CausalLmOn final : public ModelOn<B, models::CausalLm<B>> {
  using Base = ModelOn<B, models::CausalLm<B>>;
  using Base::model_, Base::opened_;

 public:
  /// The model as it is in the file.
  static std::unique_ptr<LoadedModel> open(const std::filesystem::path& path,
                                           const ModelOptions& options) {
    auto opened = std::make_shared<const Opened<B, models::CausalLm<B>>>(
        path, options,
        models::CausalLmOptions{.ignores_sliding_window = options.ignores_sliding_window,
                                .ignored = options.ignored});
    models::Edited<models::CausalLm<B>> model(opened->model);
    return std::make_unique<CausalLmOn>(std::move(opened), std::move(model));
  }

  CausalLmOn(std::shared_ptr<const Opened<B, models::CausalLm<B>>> opened,
             models::Edited<models::CausalLm<B>> model)
      : Base(std::move(opened), std::move(model)), scorer_(model_, opened_->pass_options()) {}

  LogitsKind logits_kind() const override { return LogitsKind::next_token; }

  tensor::Buffer logits(PlanView plan, std::span<const text::TokenId> tokens,
                        std::span<const int> token_types,
                        const std::function<void(tensor::ConstMatrix)>& on_state,
                        const layers::ActivationHooks& hooks) const override {
    if (!token_types.empty())
      throw Error("expected no token types for this model, which embeds none, found " +
                  std::to_string(token_types.size()));
    return this->checked_logits(plan, on_state, hooks, tokens);
  }

  tensor::Buffer unembed(tensor::ConstMatrix states) const override {
    const auto& config = model_.config();
    if (states.cols != config.hidden_size)
      throw Error("expected states of width " + std::to_string(config.hidden_size) +
                  ", as the model's are, found " + std::to_string(states.cols));
    B& backend = opened_->backend;
    auto hidden = backend.buffer(states.rows, states.cols);
    auto logits = backend.buffer(states.rows, config.vocab_size);
    backend.upload(states, hidden.view());
    model_.head().logits(backend, std::as_const(hidden).view(), logits.view());
    return backend::on_host(backend, logits.view());
  }

  engine::Origin origin() const override {
    std::string precision = engine::precision_text(opened_->backend);
    if (opened_->options.ignores_sliding_window && !model_.config().sliding_windows.empty())
      precision += ", without the model's sliding window";  // scores are other ones than with it
    for (const std::string& name : opened_->options.ignored) precision += ", ignoring " + name;
    const auto& path = opened_->path;
    const auto name = std::filesystem::is_directory(path)
                          ? (path / "").parent_path().filename().string()
                          : path.stem().string();
    return {
        .model = engine::fingerprint(path), .model_name = name, .precision = std::move(precision)};
  }

  engine::TokenRequest encode(const engine::Request& request, bool add_bos) const override {
    return complete(engine::encode(opened_->tokenizer(), request, add_bos));
  }
  engine::TokenRequest complete(engine::TokenRequest request) const override {
    if (request.context.empty()) request.context = {engine::prefix_token(opened_->tokenizer())};
    scorer_.check(request);
    return request;
  }

  void score(std::span<const Plan> plans, std::span<const engine::TokenRequest> requests,
             engine::ScoreStore* store, const LoadedModel::IsWanted& is_wanted,
             const engine::OnScore& on_score, const engine::OnProgress& on_progress,
             const layers::ActivationHooks& hooks) const override {
    if (store && (!hooks.empty() || model_.layers().any_own()))
      throw UsageError(
          "expected no store beside hooks or exchanged layers, whose scores it would take for "
          "those of the model as it is: score without one");
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
      scorer_.score(plans, requests, batches, on_checked, on_progress, &hooks);
    }
  }

 private:
  std::unique_ptr<LoadedModel> edited(models::Edited<models::CausalLm<B>> model) const override {
    return std::make_unique<CausalLmOn>(opened_, std::move(model));
  }

  engine::Scorer<models::Edited<models::CausalLm<B>>> scorer_;
};

}  // namespace detail

}  // namespace painters::front
