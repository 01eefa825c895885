// An encoder behind LoadedModel.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <painters/backend/host_memory.hpp>
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
#include <span>
#include <utility>

namespace painters::front {

namespace detail {

template <class B>
class EncoderOn final : public ModelOn<B, models::Bert<B>> {
 public:
  /// The model as it is in the file.
  static std::unique_ptr<LoadedModel> open(const std::filesystem::path& path,
                                           const ModelOptions& options) {
    auto opened = std::make_shared<const Opened<B, models::Bert<B>>>(path, options);
    models::Edited<models::Bert<B>> model(opened->model);
    return std::make_unique<EncoderOn>(std::move(opened), std::move(model));
  }

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
                        const std::function<void(tensor::ConstMatrix)>& on_state,
                        const layers::ActivationHooks& hooks) const override {
    return this->checked_logits(plan, on_state, hooks, tokens, token_types);
  }

  tensor::Buffer unembed(tensor::ConstMatrix) const override {
    refuse_encoder(this->opened_->path);
  }
  engine::Origin origin() const override { refuse_encoder(this->opened_->path); }
  engine::TokenRequest encode(const engine::Request&, bool) const override {
    refuse_encoder(this->opened_->path);
  }
  engine::TokenRequest complete(engine::TokenRequest) const override {
    refuse_encoder(this->opened_->path);
  }
  void score(std::span<const Plan>, std::span<const engine::TokenRequest>, engine::ScoreStore*,
             const LoadedModel::IsWanted&, const engine::OnScore&, const engine::OnProgress&,
             const layers::ActivationHooks&) const override {
    refuse_encoder(this->opened_->path);
  }

 private:
  std::unique_ptr<LoadedModel> edited(models::Edited<models::Bert<B>> model) const override {
    return std::make_unique<EncoderOn>(this->opened_, std::move(model));
  }
};

}  // namespace detail

}  // namespace painters::front
