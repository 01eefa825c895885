// A loaded model, for the commands, which compile without models and backends: those are in
// session_on.hpp and in a translation unit for each backend, session_<name>.cpp.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <painters/backend/built_in.hpp>
#include <painters/engine/progress.hpp>
#include <painters/engine/request.hpp>
#include <painters/engine/score_store.hpp>
#include <painters/engine/scores.hpp>
#include <painters/plan/plan.hpp>
#include <painters/tensor/buffer.hpp>
#include <painters/tensor/matrix.hpp>
#include <painters/text/token.hpp>

namespace painters::cli {

/// An eighth of the machine's memory, or 640 MiB if that is more.
std::size_t default_weights_memory();

/// How a model is run. Memory in bytes.
struct SessionOptions {
  backend::Choice backend;
  std::size_t memory = std::size_t{256} << 20;  // for states and layers, see engine::PassOptions
  std::size_t weights_memory = default_weights_memory();  // for weights in f32
  bool ignore_sliding_window = false;                     // see models::CausalLmOptions
};

/// Tokens that go through the layers together, where the memory allows: long passes read the
/// weights less often, and more than this gains nothing.
inline constexpr std::size_t most_tokens = 16384;

/// What a row of the logits of Session::logits is about.
enum class LogitsKind {
  next_token,    // a token: which one comes after it
  masked_token,  // a token: which one belongs in its place
  classes,       // the text: its class
  values,        // the text: what a regression gives
  pooled,        // the text: no logits, the pooler's vector
  none           // there are no rows
};

class Session {
 public:
  using IsWanted = std::function<bool(std::size_t plan, std::size_t request)>;

  virtual ~Session() = default;

  virtual std::size_t layers() const = 0;
  /// What logits() gives.
  virtual LogitsKind logits_kind() const = 0;
  /// The program's version, the backend and its threads.
  virtual engine::Run run() const = 0;
  /// What scores depend on besides plan and request; reads the whole model file. This and the
  /// functions up to score() throw Error for an encoder, which has no next token.
  virtual engine::Origin origin() const = 0;

  /// The tokens of a request, as lm-evaluation-harness encodes it; `add_bos` puts the model's first
  /// token in front. Throws Error if it cannot be scored.
  virtual engine::TokenRequest encode(const engine::Request& request, bool add_bos) const = 0;

  /// A request that came as tokens, with the prefix token for an empty context. Throws Error if it
  /// cannot be scored.
  virtual engine::TokenRequest complete(engine::TokenRequest request) const = 0;

  /// The score of every pair that is_wanted: from the store where that has it, the others computed
  /// and added to it. `store` may be null. See engine::Scorer::score.
  virtual void score(std::span<const Plan> plans, std::span<const engine::TokenRequest> requests,
                     engine::ScoreStore* store, const IsWanted& is_wanted,
                     const engine::OnScore& on_score, const engine::OnProgress& on_progress) = 0;

  /// Logits of one text, see logits_kind(); on_state(values) is called with the states [tokens,
  /// hidden_size] before the first step and after each. `token_types`: a number for each token, for
  /// models that have token types; empty: all are 0.
  virtual tensor::Buffer logits(PlanView plan, std::span<const text::TokenId> tokens,
                                std::span<const int> token_types,
                                const std::function<void(tensor::ConstMatrix)>& on_state) = 0;
};

/// Throws Error if the model cannot be loaded, UsageError for a backend that this build lacks.
std::unique_ptr<Session> open_session(const std::filesystem::path& model,
                                      const SessionOptions& options);

/// The same on backend B, which options.backend names. Instantiated in session_<name>.cpp.
template <class B>
std::unique_ptr<Session> open_session_on(const std::filesystem::path& model,
                                         const SessionOptions& options);

}  // namespace painters::cli
