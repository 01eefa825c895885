// A model of any kind on any backend behind one type: what painters::Model and the command line
// program hold. Code that includes this header compiles without models and backends; those are in
// loaded_model_on.hpp.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <painters/backend/built_in.hpp>
#include <painters/engine/outputs.hpp>
#include <painters/engine/progress.hpp>
#include <painters/engine/request.hpp>
#include <painters/engine/scores.hpp>
#include <painters/layers/activation_hooks.hpp>
#include <painters/layers/host_weights.hpp>
#include <painters/machine_limits.hpp>
#include <painters/models/model_sizes.hpp>
#include <painters/plan/node.hpp>
#include <painters/plan/plan.hpp>
#include <painters/tensor/buffer.hpp>
#include <painters/tensor/matrix.hpp>
#include <painters/tensor/packed_batch.hpp>
#include <painters/text/token.hpp>

namespace painters::engine {
struct Origin;
struct Run;
class ScoreStore;
}  // namespace painters::engine

namespace painters {

/// How a model is run. Memory in bytes.
struct ModelOptions {
  backend::Choice backend;  // by name and precision; the default where it says nothing
  std::size_t memory = std::size_t{256} << 20;  // for states and layers, see engine::PassOptions
  std::size_t weights_memory = default_weights_memory();  // for weights in f32
  std::size_t threads = 0;  // that compute, see backend::OneDnn; 0: as many as OpenMP would use
  std::vector<std::string> ignored = {};  // see models::CausalLmOptions
  bool ignores_sliding_window = false;    // see models::CausalLmOptions
};

}  // namespace painters

namespace painters::front {

/// Tokens that go through the layers together, where the memory allows: long passes read the
/// weights less often, and more than this gains nothing.
inline constexpr std::size_t most_tokens = 16384;

/// What a row of the logits of LoadedModel::logits is about.
enum class LogitsKind {
  next_token,    // a token: which one comes after it
  masked_token,  // a token: which one belongs in its place
  classes,       // the text: its class
  values,        // the text: what a regression gives
  pooled,        // the text: no logits, the pooler's vector
  none           // there are no rows
};

/// Stands in for a layer: changes the states x [tokens, hidden_size] of these texts in place.
using LayerFunction = std::function<void(tensor::Matrix x, const tensor::PackedBatch& texts)>;
/// Stands in for a part of a layer: writes what it adds to the states [tokens, hidden_size]. x: the
/// states, normalised where the layer normalises first.
using PartFunction = std::function<void(tensor::ConstMatrix x, const tensor::PackedBatch& texts,
                                        tensor::Matrix update)>;

/// A loaded model. Any number of threads may ask one at the same time.
class LoadedModel {
 public:
  /// Whether the score of a request under a plan is asked for.
  using IsWanted = std::function<bool(std::size_t plan, std::size_t request)>;

  virtual ~LoadedModel() = default;

  /// The model's sizes.
  virtual const models::ModelSizes& sizes() const = 0;
  /// What logits() gives.
  virtual LogitsKind logits_kind() const = 0;
  /// The program's version, the backend and its threads.
  virtual engine::Run run(std::string version) const = 0;
  /// The tokens of a text, of an encoder with those that it wants around texts ([CLS], [SEP]). This
  /// and text() throw Error if the model's tokenizer cannot be read.
  virtual text::Tokens tokens(std::string_view text) const = 0;
  /// The bytes that tokens stand for; they can end within a character.
  virtual std::string text(std::span<const text::TokenId> tokens) const = 0;

  /// Logits of one text, see logits_kind(); on_state(values) is called with the states [tokens,
  /// hidden_size] before the first step and after each. `token_types`: a number for each token, for
  /// models that have token types; empty: all are 0. This and the functions below throw UsageError
  /// for a plan that does not fit the model, and Error for tokens outside its vocabulary and for
  /// weights that are NaN or infinite.
  virtual tensor::Buffer logits(PlanView plan, std::span<const text::TokenId> tokens,
                                std::span<const int> token_types,
                                const std::function<void(tensor::ConstMatrix)>& on_state,
                                const layers::ActivationHooks& hooks = {}) const = 0;

  /// What is wanted of many texts, in their order; see engine::text_outputs. Throws Error for the
  /// logits of an encoder: logits() has them.
  virtual std::vector<engine::TextOutputs> outputs(
      PlanView plan, std::span<const text::Tokens> texts, const engine::Wanted& wanted,
      const layers::ActivationHooks& hooks = {}) const = 0;

  /// Logits [rows, vocab_size] of states [rows, hidden_size], which are normalised first: what
  /// would come next if the model ended there (the logit lens). Throws Error for an encoder and for
  /// states of another width.
  virtual tensor::Buffer unembed(tensor::ConstMatrix states) const = 0;

  /// The weights of layer i. Throws UsageError if there is none, or if it was exchanged.
  virtual layers::BlockWeights weights(std::size_t i) const = 0;

  /// This model with another layer i, see models::with_layer. It shares weights with this one and
  /// may outlive it.
  virtual std::unique_ptr<LoadedModel> with_layer(std::size_t i, LayerFunction layer) const = 0;
  /// This model with another part of layer i, see models::with_part. Likewise.
  virtual std::unique_ptr<LoadedModel> with_part(std::size_t i, Part part,
                                                 PartFunction function) const = 0;

  /// What scores depend on besides plan and request; reads the whole model file. This and the
  /// functions below throw Error for an encoder, which has no next token.
  virtual engine::Origin origin() const = 0;

  /// The tokens of a request, as lm-evaluation-harness encodes it; `add_bos` puts the model's first
  /// token in front. Throws Error if it cannot be scored.
  virtual engine::TokenRequest encode(const engine::Request& request, bool add_bos) const = 0;

  /// A request that came as tokens, with the prefix token for an empty context. Throws Error if it
  /// cannot be scored.
  virtual engine::TokenRequest complete(engine::TokenRequest request) const = 0;

  /// The score of every pair that is_wanted: from the store where that has it, the others computed
  /// and added to it, as those of the run that the store was told last. `store` may be null. See
  /// engine::Scorer::score. Throws UsageError for a store beside hooks or exchanged layers: it
  /// would not know the scores from those of the model as it is.
  virtual void score(std::span<const Plan> plans, std::span<const engine::TokenRequest> requests,
                     engine::ScoreStore* store, const IsWanted& is_wanted,
                     const engine::OnScore& on_score, const engine::OnProgress& on_progress,
                     const layers::ActivationHooks& hooks = {}) const = 0;
};

}  // namespace painters::front
