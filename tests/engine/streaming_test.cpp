// A model whose weights are brought to f32 for each call of a layer gives the same numbers as one
// whose weights are kept. The reference backend never keeps them.
#ifdef PAINTERS_HAS_ONEDNN

#include <cstddef>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include <painters/backend/onednn.hpp>
#include <painters/engine/logits.hpp>
#include <painters/engine/scorer.hpp>
#include <painters/models/causal_lm.hpp>
#include <painters/plan/parse.hpp>

#include "support/catch.hpp"
#include "support/data.hpp"
#include "support/random_causal_lm.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;
using backend::OneDnn;
using Model = models::CausalLm<OneDnn>;

namespace {

constexpr std::size_t everything = std::size_t{4} << 30;

std::vector<text::TokenId> some_tokens(std::size_t n, std::size_t vocab_size) {
  support::Random random(n);
  std::vector<text::TokenId> tokens(n);
  for (auto& token : tokens) token = static_cast<text::TokenId>(random.between(0, vocab_size - 1));
  return tokens;
}

/// Everything that a model gives for some plans: states, logits and scores.
struct Results {
  std::vector<tensor::Buffer> values;
  std::vector<engine::Score> scores;

  Results(const Model& model, const std::vector<std::string>& texts, std::size_t tokens) {
    std::vector<Plan> plans;
    for (const std::string& text : texts) plans.push_back(parse_plan(text));
    const std::size_t vocab_size = model.config().vocab_size;
    for (const Plan& plan : plans) {
      const auto logits =
          engine::logits(model, plan, some_tokens(tokens, vocab_size), [&](tensor::ConstMatrix x) {
            values.emplace_back(x.rows, x.cols);
            std::memcpy(values.back().data(), x.data, x.rows * x.cols * sizeof(float));
          });
      values.push_back(logits);
    }
    std::vector<engine::TokenRequest> requests;
    for (std::size_t i = 1; i <= 4; ++i)
      requests.push_back(
          {some_tokens((tokens + i - 1) / i, vocab_size), some_tokens(i, vocab_size)});
    const engine::Scores all = engine::Scorer(model).score(plans, requests);
    for (std::size_t p = 0; p < plans.size(); ++p)
      scores.insert(scores.end(), all.of_plan(p).begin(), all.of_plan(p).end());
  }

  friend bool same_bits(const Results& a, const Results& b) {
    if (a.values.size() != b.values.size() || a.scores.size() != b.scores.size()) return false;
    for (std::size_t i = 0; i < a.values.size(); ++i)
      if (a.values[i].size() != b.values[i].size() ||
          std::memcmp(a.values[i].data(), b.values[i].data(), a.values[i].size() * sizeof(float)) !=
              0)
        return false;
    for (std::size_t i = 0; i < a.scores.size(); ++i)
      if (a.scores[i].loglikelihood != b.scores[i].loglikelihood ||
          a.scores[i].is_greedy != b.scores[i].is_greedy)
        return false;
    return true;
  }
};

/// `tokens`: lengths of texts.
void check(const std::filesystem::path& path, const std::vector<std::string>& plans,
           const std::vector<std::size_t>& tokens) {
  OneDnn keeps(everything);
  const Model kept(path, keeps);
  const auto& c = kept.config();
  const std::size_t layer =
      sizeof(float) * c.hidden_size *
      (2 * c.head_dim * (c.num_attention_heads + c.num_key_value_heads) + 3 * c.intermediate_size);
  for (const std::size_t n : tokens) {
    const Results expected(kept, plans, n);
    REQUIRE(same_bits(expected, Results(kept, plans, n)));
    for (const std::size_t panels : {std::size_t{0}, layer})
      for (const std::size_t file : {std::size_t{0}, everything}) {
        CAPTURE(path.string(), n, panels, file);
        OneDnn streams(panels, file);
        const Model model(path, streams);
        CHECK(same_bits(expected, Results(model, plans, n)));
      }
  }
}

}  // namespace

TEST_CASE("a small model gives the same bits with all weights, one layer's or none in memory",
          "[engine][streaming]") {
  const support::TemporaryFolder folder;
  const std::vector<std::string> plans{"0..3", "3..0", "0, mean(1..3) x2, 2 x3",
                                       "sum(1 * 0.5, (0, 3)), 1.attention, 2.ffn", "none"};
  for (const auto type : {tensor::ElementType::q4_0, tensor::ElementType::f16,
                          tensor::ElementType::q6_k, tensor::ElementType::f32}) {
    CAPTURE(tensor::traits(type).name);
    const support::CausalLmShape shape{{256, 512, {8, 4, 32}}, 4, 1100, 1400};
    const support::RandomCausalLm random(shape, 3, type);
    random.gguf().write(folder.path() / "model.gguf");
    check(folder.path() / "model.gguf", plans, {1, 20, 150});
    // A folder holds quantised weights as F32, the last of these types.
    if (tensor::traits(type).block_elements > 1) continue;
    random.hugging_face().write(folder.path() / "model");
    check(folder.path() / "model", {plans[2]}, {1300});
  }
  // Sizes that are no multiple of anything.
  support::RandomCausalLm({{40, 24, {6, 2, 10}, 500}, 4, 33, 200, true})
      .gguf()
      .write(folder.path() / "model.gguf");
  check(folder.path() / "model.gguf", plans, {1, 33, 150});
}

TEST_CASE("stories260K gives the same bits with all weights, one layer's or none in memory",
          "[engine][streaming]") {
  if (support::skipped_without_data()) return;
  check(support::data_folder() / "models/stories260K/hf",
        {"0..4", "0, mean(1..3) x2, 4", "4..0", "0, 1.ffn, sum(2, 3 * 0.5), 4"}, {5, 200});
}

TEST_CASE("the default model gives the same bits with all weights, one layer's or none in memory",
          "[engine][streaming]") {
  if (support::skipped_without_default_model()) return;
  check(support::default_model(), {"0..2, mean(3, 4, (5, 6)), 29", "29, 0.attention, 28.ffn"},
        {7, 130});
}

#endif
