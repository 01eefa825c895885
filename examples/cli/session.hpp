// A loaded model, for the commands: the one place of the program that knows the types of models and
// backends.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <painters/engine/request.hpp>
#include <painters/engine/score_store.hpp>
#include <painters/engine/scorer.hpp>
#include <painters/plan/node.hpp>
#include <painters/tensor/buffer.hpp>
#include <painters/tensor/matrix.hpp>
#include <painters/text/token.hpp>

namespace painters::cli {

/// How a model is run.
struct SessionOptions {
  std::size_t memory = std::size_t{256} << 20;  // for states and layers, see engine::ScorerOptions
  bool ignore_sliding_window = false;           // see models::CausalLmOptions
};

/// Tokens that go through the layers together, where the memory allows: long passes read the
/// weights seldom, and more than this gains nothing.
inline constexpr std::size_t most_tokens = 16384;

class Session {
 public:
  using IsWanted = std::function<bool(std::size_t plan, std::size_t request)>;

  /// Throws Error if the model cannot be loaded.
  explicit Session(const std::filesystem::path& model, const SessionOptions& options = {});
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  std::size_t layers() const;
  /// What scores depend on beside plan and request; reads the whole model file.
  engine::Origin origin() const;

  /// The tokens of a request, as lm-evaluation-harness encodes it; `add_bos` puts the model's first
  /// token before. Throws Error if it cannot be scored.
  engine::TokenRequest encode(const engine::Request& request, bool add_bos) const;

  /// A request that came as tokens, with the prefix token for an empty context. Throws Error if it
  /// cannot be scored.
  engine::TokenRequest complete(engine::TokenRequest request) const;

  /// The score of every pair for which is_wanted: from the store, unless it is null, the others as
  /// they are made, into the store as well. See engine::Scorer::score.
  void score(std::span<const PlanView> plans, std::span<const engine::TokenRequest> requests,
             engine::ScoreStore* store, const IsWanted& is_wanted, const engine::OnScore& on_score,
             const engine::OnProgress& on_progress);

  /// Logits [tokens, vocab_size] of one text; on_state(values) is called with the states [tokens,
  /// hidden_size] before the first step and after each.
  tensor::Buffer forward(PlanView plan, std::span<const text::TokenId> tokens,
                         const std::function<void(tensor::ConstMatrix)>& on_state);

 private:
  struct Model;
  std::unique_ptr<Model> model_;
};

}  // namespace painters::cli
