#include "session.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include <omp.h>
#include <painters/engine/encoding.hpp>
#include <painters/engine/fingerprint.hpp>
#include <painters/engine/forward.hpp>
#include <painters/engine/not_finite.hpp>
#include <painters/engine/score_missing.hpp>
#include <painters/error.hpp>
#include <painters/models/bert.hpp>
#include <painters/models/causal_lm.hpp>
#include <painters/models/families.hpp>
#include <painters/models/model_file.hpp>
#include <painters/models/model_tokenizer.hpp>
#include <painters/tensor/packed_batch.hpp>

#include "backend.hpp"
#include "machine.hpp"
#include "model_depth.hpp"
#include "version.hpp"

namespace painters::cli {

struct Session::Model {
  Model(const std::filesystem::path& file, const SessionOptions& options)
      : path(file),
        backend(make_backend(options.weights_memory, machine_memory() / 2)),
        model(file, backend, {.ignores_sliding_window = options.ignore_sliding_window}),
        scorer(model, {.tokens_per_pass = most_tokens, .memory = options.memory}),
        drops_window(options.ignore_sliding_window && !model.config().sliding_windows.empty()) {}

  /// Read when a text first needs it: tokens alone do without.
  const text::Tokenizer& tokenizer() {
    if (!loaded) loaded = models::load_model_tokenizer(path, model.config().vocab_size);
    return *loaded;
  }

  /// For a request whose score under a plan is no number: throws Error if that is the file's fault.
  void refuse_damaged_weights(PlanView plan, const engine::TokenRequest& request) const {
    const text::Tokens tokens = scorer.input_of(request);
    const tensor::PackedBatch batch = tensor::single_sequence(tokens.size());
    engine::refuse_damaged_weights(model, path, plan, model.embed(tokens, batch));
  }

  std::filesystem::path path;
  ProgramBackend backend;
  models::CausalLm<ProgramBackend> model;
  engine::Scorer<models::CausalLm<ProgramBackend>> scorer;
  bool drops_window;  // scores are other ones than with it
  std::optional<text::Tokenizer> loaded;
};

std::size_t default_weights_memory() {
  return std::max(machine_memory() / 8, std::size_t{640} << 20);
}

struct Session::Encoder {
  Encoder(const std::filesystem::path& file, const SessionOptions& options)
      : path(file),
        backend(make_backend(options.weights_memory, machine_memory() / 2)),
        bert(file, backend) {}

  std::filesystem::path path;
  ProgramBackend backend;
  models::Bert<ProgramBackend> bert;
};

Session::Session(const std::filesystem::path& model, const SessionOptions& options) {
  if (models::kind_of(models::ModelFile::open(model)) == models::ModelKind::encoder)
    encoder_ = std::make_unique<Encoder>(model, options);
  else
    model_ = std::make_unique<Model>(model, options);
}
Session::~Session() = default;

Session::Model& Session::causal() const {
  if (!encoder_) return *model_;
  throw Error("expected a causal language model, found a BERT in " + encoder_->path.string() +
              ", which has no likelihoods of next tokens; see painters forward for its states");
}

std::size_t Session::layers() const {
  return encoder_ ? encoder_->bert.layers().size() : model_->model.layers().size();
}

LogitsKind Session::logits_kind() const {
  if (!encoder_) return LogitsKind::next_token;
  switch (encoder_->bert.head().kind()) {
    case models::BertHeadKind::classifier:
      return encoder_->bert.config().is_regression ? LogitsKind::values : LogitsKind::classes;
    case models::BertHeadKind::masked_lm:
      return LogitsKind::masked_token;
    case models::BertHeadKind::pooler:
      return LogitsKind::pooled;
    case models::BertHeadKind::none:
      break;
  }
  return LogitsKind::none;
}

engine::Origin Session::origin() const {
  std::string precision = "weights as in the file, f32 arithmetic";
  if (causal().drops_window) precision += ", without the model's sliding window";
  return {.model = engine::fingerprint(model_->path),
          .model_name = model_name(model_->path),
          .precision = std::move(precision)};
}

engine::TokenRequest Session::encode(const engine::Request& request, bool add_bos) const {
  return complete(engine::encode(causal().tokenizer(), request, add_bos));
}

engine::TokenRequest Session::complete(engine::TokenRequest request) const {
  if (request.context.empty()) request.context = {engine::prefix_token(causal().tokenizer())};
  causal().scorer.check(request);
  return request;
}

void Session::score(std::span<const PlanView> plans, std::span<const engine::TokenRequest> requests,
                    engine::ScoreStore* store, const IsWanted& is_wanted,
                    const engine::OnScore& on_score, const engine::OnProgress& on_progress) {
  std::vector<bool> grows(plans.size());  // plans that make no numbers of good weights
  const auto on_checked = [&](std::size_t plan, std::size_t request, const engine::Score& score) {
    if (!std::isfinite(score.loglikelihood) && !grows[plan]) {
      causal().refuse_damaged_weights(plans[plan], requests[request]);
      grows[plan] = true;
    }
    on_score(plan, request, score);
  };
  if (store) {
    store->begin_run({.version = version(),
                      .backend = build(),
                      .threads = static_cast<std::size_t>(omp_get_max_threads())});
    engine::score_missing(causal().scorer, *store, plans, requests, is_wanted, on_checked,
                          on_progress);
  } else {
    const auto batches = engine::batches(plans.size(), requests.size(), is_wanted);
    causal().scorer.score(plans, requests, batches, on_checked, on_progress);
  }
}

tensor::Buffer Session::forward(PlanView plan, std::span<const text::TokenId> tokens,
                                std::span<const int> token_types,
                                const std::function<void(tensor::ConstMatrix)>& on_state) {
  bool is_finite = true;
  const auto on_checked = [&](tensor::ConstMatrix values) {
    is_finite = is_finite && engine::is_finite(values);
    on_state(values);
  };
  const auto refuse_unless_finite = [&](const auto& model, const std::filesystem::path& path,
                                        const tensor::Buffer& logits, const auto&... inputs) {
    if (is_finite && engine::is_finite(logits.view())) return;
    const tensor::PackedBatch batch = tensor::single_sequence(tokens.size());
    engine::refuse_damaged_weights(model, path, plan, model.embed(inputs..., batch));
  };
  if (encoder_) {
    const auto& bert = encoder_->bert;
    tensor::Buffer logits = engine::forward(bert, plan, tokens, token_types, on_checked);
    refuse_unless_finite(bert, encoder_->path, logits, tokens, token_types);
    return logits;
  }
  if (!token_types.empty())
    throw Error("expected no token types for this model, which embeds none, found " +
                std::to_string(token_types.size()));
  const auto& model = model_->model;
  tensor::Buffer logits = engine::forward(model, plan, tokens, on_checked);
  refuse_unless_finite(model, model_->path, logits, tokens);
  return logits;
}

}  // namespace painters::cli
