#include "session.hpp"

#include <optional>
#include <utility>

#include <painters/engine/encoding.hpp>
#include <painters/engine/forward.hpp>
#include <painters/engine/scorer.hpp>
#include <painters/models/llama.hpp>
#include <painters/models/load_tokenizer.hpp>

#include "backend.hpp"

namespace painters::cli {

namespace {

// Long passes read the weights seldom; the states of a pass and what its layers need stay within
// the memory.
constexpr std::size_t most_tokens = 16384;
constexpr std::size_t memory = std::size_t{256} << 20;

}  // namespace

struct Session::Model {
  explicit Model(const std::filesystem::path& file) : path(file), llama(file, backend) {}

  /// Read when a text first needs it: tokens alone do without.
  const text::Tokenizer& tokenizer() {
    if (!loaded) loaded = models::load_tokenizer(path, llama.config().vocab_size);
    return *loaded;
  }

  std::filesystem::path path;
  ProgramBackend backend;
  models::Llama<ProgramBackend> llama;
  engine::Scorer<models::Llama<ProgramBackend>> scorer{
      llama, {.tokens_per_pass = most_tokens, .memory = memory}};
  std::optional<text::Tokenizer> loaded;
};

Session::Session(const std::filesystem::path& model) : model_(std::make_unique<Model>(model)) {}
Session::~Session() = default;

std::size_t Session::layers() const { return model_->llama.layers().size(); }

engine::TokenRequest Session::encode(const engine::Request& request, bool add_bos) const {
  return complete(engine::encode(model_->tokenizer(), request, add_bos));
}

engine::TokenRequest Session::complete(engine::TokenRequest request) const {
  if (request.context.empty()) request.context = {engine::prefix_token(model_->tokenizer())};
  model_->scorer.check(request);
  return request;
}

void Session::score(std::span<const PlanView> plans, std::span<const engine::TokenRequest> requests,
                    const engine::OnScores& on_scores, const engine::Progress& progress) {
  model_->scorer.score(plans, requests, on_scores, progress);
}

tensor::Buffer Session::forward(PlanView plan, std::span<const text::TokenId> tokens,
                                const std::function<void(tensor::ConstMatrix)>& on_state) {
  return engine::forward(model_->llama, plan, tokens, on_state);
}

}  // namespace painters::cli
