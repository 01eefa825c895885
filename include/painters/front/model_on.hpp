// What loaded models of all kinds have in common.
#pragma once

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
#include <painters/engine/outputs.hpp>
#include <painters/engine/provenance.hpp>
#include <painters/engine/score_missing.hpp>
#include <painters/engine/scorer.hpp>
#include <painters/engine/text_outputs.hpp>
#include <painters/error.hpp>
#include <painters/front/host_functions.hpp>
#include <painters/front/loaded_model.hpp>
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
#include <string_view>
#include <utility>
#include <vector>

namespace painters::front {

namespace detail {

[[noreturn]] inline void refuse_encoder(const std::filesystem::path& path) {
  throw Error("expected a causal language model, found a BERT in " + path.string() +
              ", which has no likelihoods of next tokens; see painters forward for its states");
}

inline bool is_finite(const tensor::Buffer& values) {
  return backend::HostMemory().is_finite(values.view());
}

/// What loaded models of both kinds have in common.
template <class B, class Model>
class ModelOn : public LoadedModel {
 public:
  ModelOn(std::shared_ptr<const Opened<B, Model>> opened, models::Edited<Model> model)
      : opened_(std::move(opened)), model_(std::move(model)) {}

  const models::ModelSizes& sizes() const final { return model_.config(); }
  engine::Run run(std::string version) const final {
    return engine::run_of(opened_->backend, std::move(version));
  }
  text::Tokens tokens(std::string_view text) const final {
    if constexpr (models::Encoder<Model>)
      return opened_->tokenizer().encode_with_special(text).ids;
    else
      return opened_->tokenizer().encode(text);
  }
  std::string text(std::span<const text::TokenId> tokens) const final {
    return opened_->tokenizer().decode(tokens);
  }

  std::vector<engine::TextOutputs> outputs(PlanView plan, std::span<const text::Tokens> texts,
                                           const engine::Wanted& wanted,
                                           const layers::ActivationHooks& hooks) const final {
    if (wanted.logits != engine::LogitsOf::no_token && !models::LanguageModel<Model>)
      refuse_encoder(opened_->path);
    auto outputs =
        engine::text_outputs(model_, plan, texts, wanted, opened_->pass_options(), {}, &hooks);
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

  layers::BlockWeights weights(std::size_t i) const final {
    models::require_layer(i, model_.layers().size());
    if (model_.layers().has_own(i))
      throw UsageError("expected a layer of the model's file, but layer " + std::to_string(i) +
                       " was exchanged");
    return layers::weights(model_.base().layers()[i], opened_->backend);
  }

  std::unique_ptr<LoadedModel> with_layer(std::size_t i, LayerFunction layer) const final {
    if (!layer) throw_empty(i);
    return edited(models::with_layer(model_, i, HostLayer<B>{std::move(layer)}));
  }
  std::unique_ptr<LoadedModel> with_part(std::size_t i, Part part,
                                         PartFunction function) const final {
    if (!function) throw_empty(i);
    return edited(models::with_part(model_, i, part, HostPart<B>{std::move(function)}));
  }

 protected:
  [[noreturn]] static void throw_empty(std::size_t i) {
    throw UsageError("expected a function in the place of layer " + std::to_string(i) +
                     " or its part, found an empty one");
  }

  /// Another one on the same file.
  virtual std::unique_ptr<LoadedModel> edited(models::Edited<Model> model) const = 0;

  /// Logits of a text; `types` as embed() takes them, none for a model without.
  template <class... Types>
  tensor::Buffer checked_logits(PlanView plan,
                                const std::function<void(tensor::ConstMatrix)>& on_state,
                                const layers::ActivationHooks& hooks,
                                std::span<const text::TokenId> tokens,
                                const Types&... types) const {
    if (tokens.empty()) throw Error("expected a text of at least one token, found none");
    bool all_finite = true;
    tensor::Buffer logits = engine::logits(
        model_, plan, tokens, types...,
        [&](tensor::ConstMatrix values) {
          all_finite = all_finite && backend::HostMemory().is_finite(values);
          on_state(values);
        },
        &hooks);
    if (!all_finite || !is_finite(logits)) refuse_damaged_weights(plan, tokens, types...);
    return logits;
  }

  /// For a text whose results under a plan are not numbers: throws Error if that is the file's
  /// fault. `types`: none for a model without.
  void refuse_damaged_weights(PlanView plan, std::span<const text::TokenId> tokens,
                              std::span<const int> types = {}) const {
    const Model& model = model_.base();
    auto batch = tensor::single_sequence(tokens.size());
    if constexpr (models::Encoder<Model>)
      engine::refuse_damaged_weights(model, opened_->path, plan,
                                     model.embed(tokens, types, std::move(batch)));
    else
      engine::refuse_damaged_weights(model, opened_->path, plan,
                                     model.embed(tokens, std::move(batch)));
  }

  std::shared_ptr<const Opened<B, Model>> opened_;
  models::Edited<Model> model_;
};

}  // namespace detail

}  // namespace painters::front
