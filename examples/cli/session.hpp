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
#include <painters/engine/scorer.hpp>
#include <painters/plan/node.hpp>
#include <painters/tensor/buffer.hpp>
#include <painters/tensor/matrix.hpp>
#include <painters/text/token.hpp>

namespace painters::cli {

class Session {
 public:
  /// Throws Error if the model cannot be loaded.
  explicit Session(const std::filesystem::path& model);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  std::size_t layers() const;

  /// The tokens of a request, as lm-evaluation-harness encodes it; `add_bos` puts the model's first
  /// token before. Throws Error if it cannot be scored.
  engine::TokenRequest encode(const engine::Request& request, bool add_bos) const;

  /// A request that came as tokens, with the prefix token for an empty context. Throws Error if it
  /// cannot be scored.
  engine::TokenRequest complete(engine::TokenRequest request) const;

  /// See engine::Scorer::score; what plans have in common is computed once.
  void score(std::span<const PlanView> plans, std::span<const engine::TokenRequest> requests,
             const engine::OnScores& on_scores, const engine::Progress& progress);

  /// Logits [tokens, vocab_size] of one text; on_state(values) is called with the states [tokens,
  /// hidden_size] before the first step and after each.
  tensor::Buffer forward(PlanView plan, std::span<const text::TokenId> tokens,
                         const std::function<void(tensor::ConstMatrix)>& on_state);

 private:
  struct Model;
  std::unique_ptr<Model> model_;
};

}  // namespace painters::cli
