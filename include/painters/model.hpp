// A real model in a few lines: open its file, then ask for scores, logits, next tokens and states
// under any plans.
//
//   const Model model("SmolLM2-135M-Instruct.Q4_1.gguf");
//   for (const NextToken& next : model.next_tokens("@skip(start=12)", "The capital of France is"))
//     std::cout << next.text << " " << next.log_probability << "\n";
//
// What is behind a Model is compiled once, apart from the code that uses it: link painters::model,
// or see front/loaded_model_on.hpp.
#pragma once

#include <concepts>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <painters/engine/outputs.hpp>
#include <painters/engine/progress.hpp>
#include <painters/engine/request.hpp>
#include <painters/engine/scores.hpp>
#include <painters/engine/top_logits.hpp>
#include <painters/error.hpp>
#include <painters/front/loaded_model.hpp>
#include <painters/front/open_model.hpp>
#include <painters/layers/activation_hooks.hpp>
#include <painters/layers/hook_point.hpp>
#include <painters/layers/host_weights.hpp>
#include <painters/layers/parts.hpp>
#include <painters/models/model_sizes.hpp>
#include <painters/painters.hpp>
#include <painters/tensor/buffer.hpp>
#include <painters/tensor/matrix.hpp>
#include <painters/text/token.hpp>

namespace painters {

using front::LayerFunction;
using front::PartFunction;
using layers::ActivationHooks;
using layers::ConstHookedValues;
using layers::HookedValues;
using layers::HookFilter;
using layers::HookPoint;
using layers::KeptValues;

/// A plan as functions take it: a value, or its text form, which is read for the model at hand.
class PlanInput {
 public:
  /// A value.
  template <PlanLike P>
  PlanInput(const P& plan) : plan_(Plan(plan)) {}
  /// A text form, which of() reads.
  template <std::convertible_to<std::string_view> T>
  PlanInput(const T& text) : plan_(std::string(std::string_view(text))) {}

  /// The plan of a model with so many layers. Throws UsageError for a text that is none.
  Plan of(std::size_t layers) const {
    if (const Plan* plan = std::get_if<Plan>(&plan_)) return *plan;
    return parse_plan(std::get<std::string>(plan_), layers);
  }

 private:
  std::variant<Plan, std::string> plan_;
};

/// A text as functions take it: characters, or the model's tokens.
class TextInput {
 public:
  /// Characters.
  template <std::convertible_to<std::string_view> T>
  TextInput(const T& text) : text_(std::string(std::string_view(text))) {}
  /// Tokens.
  TextInput(text::Tokens tokens) : text_(std::move(tokens)) {}
  /// Tokens.
  TextInput(std::span<const text::TokenId> tokens)
      : text_(text::Tokens(tokens.begin(), tokens.end())) {}

  /// Null for tokens.
  const std::string* characters() const { return std::get_if<std::string>(&text_); }
  /// Null for characters.
  const text::Tokens* tokens() const { return std::get_if<text::Tokens>(&text_); }

 private:
  std::variant<std::string, text::Tokens> text_;
};

/// A token that may come next.
struct NextToken {
  text::TokenId id = 0;        // in the model's vocabulary
  std::string text;            // the bytes that it stands for
  double log_probability = 0;  // in nats
};

/// How requests are scored.
struct ScoreOptions {
  bool add_bos = false;  // the model's first token stands before every context of characters
  engine::OnProgress on_progress = {};  // called now and then; what it throws ends the work
  ActivationHooks hooks = {};           // on values within the layers; then nothing is shared
};

/// An open model. Any number of threads may ask one at once. All functions throw UsageError for a
/// plan that does not fit the model, and Error for tokens that it lacks, for texts that do not fit
/// in the memory and for weights that are no numbers.
///
/// Hooks see texts by their number in the argument, and calls by their number in the plan. With
/// hooks every call of every text is made for itself. UsageError is thrown for a hook on what is
/// not there.
class Model {
 public:
  static constexpr Part attention = layers::attention;  // parts of a transformer's layers
  static constexpr Part ffn = layers::ffn;              // likewise: feed-forward

  /// `path`: a .gguf file, or a folder with config.json and safetensors. Throws Error if the model
  /// cannot be loaded, UsageError for a backend or a precision that this build lacks.
  explicit Model(const std::filesystem::path& path, const ModelOptions& options = {})
      : Model(front::open_model(path, options)) {}

  /// num_hidden_layers, hidden_size, vocab_size and others.
  const models::ModelSizes& sizes() const { return loaded_->sizes(); }
  /// How many layers plans can call.
  std::size_t num_hidden_layers() const { return sizes().num_hidden_layers; }

  /// All layers in order.
  Plan all() const { return Sequence{num_hidden_layers()}; }
  /// The plan that a text means for this model: "0..12, mean(13..16), 17..29", "@skip(start=12)".
  Plan plan(const PlanInput& plan) const { return plan.of(num_hidden_layers()); }

  /// The tokens of a text, of an encoder with those that it wants around texts ([CLS], [SEP]).
  text::Tokens tokens(const TextInput& text) const {
    return text.tokens() ? *text.tokens() : loaded_->tokens(*text.characters());
  }
  /// The bytes that tokens stand for; they can end within a character.
  std::string text(std::span<const text::TokenId> tokens) const { return loaded_->text(tokens); }

  /// How likely `continuation` comes after `context`, both characters, which
  /// lm-evaluation-harness's rules turn into tokens, or both tokens.
  engine::Score score(const PlanInput& plan, const TextInput& context,
                      const TextInput& continuation, const ScoreOptions& options = {}) const {
    if (context.characters() && continuation.characters()) {
      const engine::Request one{*context.characters(), *continuation.characters()};
      return scores({plan}, std::span(&one, 1), options)(0, 0);
    }
    if (context.characters() || continuation.characters())
      throw UsageError(
          "expected context and continuation both as characters or both as tokens, found one of "
          "each: where a text is cut changes its tokens, so cut it once");
    const engine::TokenRequest one{*context.tokens(), *continuation.tokens()};
    return scores({plan}, std::span(&one, 1), options)(0, 0);
  }
  /// scores(plan, request) in the order of the arguments. What plans have in common is computed
  /// once, so asking for many together takes far less time than one by one.
  engine::Scores scores(const std::vector<PlanInput>& plans,
                        std::span<const engine::Request> requests,
                        const ScoreOptions& options = {}) const {
    std::vector<engine::TokenRequest> encoded;
    for (const engine::Request& one : requests)
      encoded.push_back(loaded_->encode(one, options.add_bos));
    return scores_of(plans, encoded, options);
  }
  /// The same for requests as tokens, which are scored as they are, with the prefix token for an
  /// empty context. Throws UsageError for add_bos.
  engine::Scores scores(const std::vector<PlanInput>& plans,
                        std::span<const engine::TokenRequest> requests,
                        const ScoreOptions& options = {}) const {
    if (options.add_bos)
      throw UsageError(
          "expected add_bos for contexts of characters only, found requests as tokens: put the "
          "token that begins a text before each context");
    std::vector<engine::TokenRequest> complete;
    for (const engine::TokenRequest& one : requests) complete.push_back(loaded_->complete(one));
    return scores_of(plans, complete, options);
  }

  /// Logits [tokens, vocab_size] of a text: what comes after each token. Of an encoder what its
  /// head gives, see front::LogitsKind.
  tensor::Buffer logits(const PlanInput& plan, const TextInput& text,
                        const ActivationHooks& hooks = {}) const {
    return std::move(logits(plan, std::vector{text}, hooks)[0]);
  }
  /// The same for many texts of any lengths, which run together; those of an encoder one by one.
  std::vector<tensor::Buffer> logits(const PlanInput& plan, const std::vector<TextInput>& texts,
                                     const ActivationHooks& hooks = {}) const {
    std::vector<tensor::Buffer> all;
    if (!is_causal())
      for (std::size_t i = 0; i < texts.size(); ++i)
        all.push_back(loaded_->logits(
            plan.of(num_hidden_layers()), tokens(texts[i]), {}, [](tensor::ConstMatrix) {},
            hooks.of_text(i, texts.size())));
    else
      for (auto& output : outputs(plan, texts, {.logits = engine::LogitsOf::every_token}, hooks))
        all.push_back(std::move(output.logits));
    return all;
  }

  /// The states [tokens, hidden_size] of a text before the first step of the plan and after each, a
  /// step being a top-level element with loops unrolled.
  std::vector<tensor::Buffer> states(const PlanInput& plan, const TextInput& text,
                                     const ActivationHooks& hooks = {}) const {
    return std::move(outputs(plan, {text}, {.states = true}, hooks)[0].states);
  }
  /// The same for many texts of any lengths, which run together: of each text its states.
  std::vector<std::vector<tensor::Buffer>> states(const PlanInput& plan,
                                                  const std::vector<TextInput>& texts,
                                                  const ActivationHooks& hooks = {}) const {
    std::vector<std::vector<tensor::Buffer>> all;
    for (auto& output : outputs(plan, texts, {.states = true}, hooks))
      all.push_back(std::move(output.states));
    return all;
  }

  /// The likeliest tokens after a text, the best first.
  std::vector<NextToken> next_tokens(const PlanInput& plan, const TextInput& text,
                                     std::size_t count = 5,
                                     const ActivationHooks& hooks = {}) const {
    return std::move(next_tokens(plan, std::vector{text}, count, hooks)[0]);
  }
  /// The same for many texts of any lengths, which run together.
  std::vector<std::vector<NextToken>> next_tokens(const PlanInput& plan,
                                                  const std::vector<TextInput>& texts,
                                                  std::size_t count = 5,
                                                  const ActivationHooks& hooks = {}) const {
    std::vector<std::vector<NextToken>> all;
    for (const auto& output : outputs(plan, texts, {.logits = engine::LogitsOf::last_token}, hooks))
      all.push_back(best({output.logits.data(), output.logits.cols()}, count));
    return all;
  }
  /// The likeliest next tokens by a row of logits, the best first.
  std::vector<NextToken> best(std::span<const float> logits, std::size_t count = 5) const {
    const double normaliser = engine::log_sum_exp(logits);
    std::vector<NextToken> next;
    for (const std::size_t id : engine::top_logits(logits, count)) {
      const auto token = static_cast<text::TokenId>(id);
      next.push_back({token, text({&token, 1}), logits[id] - normaliser});
    }
    return next;
  }

  /// Logits [rows, vocab_size] of any states [rows, hidden_size]: the final norm, then the
  /// unembedding. Of the states on the way through a plan, the logit lens.
  tensor::Buffer unembed(tensor::ConstMatrix states) const { return loaded_->unembed(states); }
  /// The weights of a layer in f32, whatever the file keeps.
  layers::BlockWeights weights(std::size_t layer) const { return loaded_->weights(layer); }

  /// This model with somebody else's layer in the place of one of its own. It shares the weights
  /// with this one. Where the model is causal the layer must be, too. Throws UsageError if there is
  /// no such layer.
  Model with_layer(std::size_t layer, LayerFunction function) const {
    return Model(loaded_->with_layer(layer, std::move(function)));
  }
  /// The same for a part of a layer, `attention` or `ffn`; norms and residual
  /// connections stay. Throws UsageError, too, for a layer that was exchanged.
  Model with_part(std::size_t layer, Part part, PartFunction function) const {
    return Model(loaded_->with_part(layer, part, std::move(function)));
  }

 private:
  explicit Model(std::unique_ptr<front::LoadedModel> loaded) : loaded_(std::move(loaded)) {}

  bool is_causal() const { return loaded_->logits_kind() == front::LogitsKind::next_token; }

  /// The requests can be scored as they are.
  engine::Scores scores_of(const std::vector<PlanInput>& plans,
                           std::span<const engine::TokenRequest> requests,
                           const ScoreOptions& options) const {
    std::vector<Plan> read;
    for (const PlanInput& input : plans) read.push_back(plan(input));
    engine::Scores scores(read.size(), requests.size());
    loaded_->score(
        read, requests, nullptr, [](std::size_t, std::size_t) { return true; },
        [&](std::size_t p, std::size_t r, const engine::Score& score) { scores(p, r) = score; },
        options.on_progress, options.hooks);
    return scores;
  }

  std::vector<engine::TextOutputs> outputs(const PlanInput& plan,
                                           const std::vector<TextInput>& texts,
                                           const engine::Wanted& wanted,
                                           const ActivationHooks& hooks) const {
    std::vector<text::Tokens> all;
    for (const TextInput& text : texts) all.push_back(tokens(text));
    return loaded_->outputs(plan.of(num_hidden_layers()), all, wanted, hooks);
  }

  std::unique_ptr<front::LoadedModel> loaded_;
};

}  // namespace painters
