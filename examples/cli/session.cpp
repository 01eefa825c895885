#include "session.hpp"

#include <optional>
#include <utility>

#include <omp.h>
#include <painters/engine/encoding.hpp>
#include <painters/engine/fingerprint.hpp>
#include <painters/engine/forward.hpp>
#include <painters/engine/score_missing.hpp>
#include <painters/models/causal_lm.hpp>
#include <painters/models/load_tokenizer.hpp>

#include "backend.hpp"
#include "version.hpp"

namespace painters::cli {

namespace {

std::string name_of(const std::filesystem::path& model) {
  return std::filesystem::is_directory(model) ? (model / "").parent_path().filename().string()
                                              : model.stem().string();
}

}  // namespace

struct Session::Model {
  Model(const std::filesystem::path& file, const SessionOptions& options)
      : path(file),
        model(file, backend, {.ignores_sliding_window = options.ignore_sliding_window}),
        scorer(model, {.tokens_per_pass = most_tokens, .memory = options.memory}),
        drops_window(options.ignore_sliding_window && !model.config().sliding_windows.empty()) {}

  /// Read when a text first needs it: tokens alone do without.
  const text::Tokenizer& tokenizer() {
    if (!loaded) loaded = models::load_tokenizer(path, model.config().vocab_size);
    return *loaded;
  }

  std::filesystem::path path;
  ProgramBackend backend;
  models::CausalLm<ProgramBackend> model;
  engine::Scorer<models::CausalLm<ProgramBackend>> scorer;
  bool drops_window;  // scores are other ones than with it
  std::optional<text::Tokenizer> loaded;
};

Session::Session(const std::filesystem::path& model, const SessionOptions& options)
    : model_(std::make_unique<Model>(model, options)) {}
Session::~Session() = default;

std::size_t Session::layers() const { return model_->model.layers().size(); }

engine::Origin Session::origin() const {
  std::string precision = "weights as in the file, f32 arithmetic";
  if (model_->drops_window) precision += ", without the model's sliding window";
  return {.model = engine::fingerprint(model_->path),
          .model_name = name_of(model_->path),
          .precision = std::move(precision)};
}

engine::TokenRequest Session::encode(const engine::Request& request, bool add_bos) const {
  return complete(engine::encode(model_->tokenizer(), request, add_bos));
}

engine::TokenRequest Session::complete(engine::TokenRequest request) const {
  if (request.context.empty()) request.context = {engine::prefix_token(model_->tokenizer())};
  model_->scorer.check(request);
  return request;
}

void Session::score(std::span<const PlanView> plans, std::span<const engine::TokenRequest> requests,
                    engine::ScoreStore* store, const IsWanted& is_wanted,
                    const engine::OnScore& on_score, const engine::OnProgress& on_progress) {
  if (store) {
    store->begin_run({.version = version(),
                      .backend = build(),
                      .threads = static_cast<std::size_t>(omp_get_max_threads())});
    engine::score_missing(model_->scorer, *store, plans, requests, is_wanted, on_score,
                          on_progress);
  } else {
    const auto batches = engine::batches(plans.size(), requests.size(), is_wanted);
    model_->scorer.score(plans, requests, batches, on_score, on_progress);
  }
}

tensor::Buffer Session::forward(PlanView plan, std::span<const text::TokenId> tokens,
                                const std::function<void(tensor::ConstMatrix)>& on_state) {
  return engine::forward(model_->model, plan, tokens, on_state);
}

}  // namespace painters::cli
