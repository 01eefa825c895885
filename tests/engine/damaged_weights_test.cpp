#include <painters/engine/damaged_weights.hpp>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include <painters/engine/scorer.hpp>
#include <painters/models/causal_lm.hpp>
#include <painters/plan/parse.hpp>

#include "support/backends.hpp"
#include "support/catch.hpp"
#include "support/random_causal_lm.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;

namespace {

const text::Tokens tokens{5, 0, 59, 5, 17, 30, 2};

/// Puts `value` at element `at` of a tensor.
void spoil(support::TensorParts& parts, const std::string& name, std::size_t at, float value) {
  std::memcpy(parts.tensors.at(name).bytes.data() + at * sizeof value, &value, sizeof value);
}

/// The sentence with which a text is refused under a plan, "" if it is not, and whether its score
/// is a number.
template <class B>
std::pair<std::string, bool> outcome(const std::filesystem::path& path, std::string_view plan) {
  B backend;
  const models::CausalLm<B> model(path, backend);
  const Plan parsed = parse_plan(plan);
  const std::vector<engine::TokenRequest> requests{{tokens, {3}}};
  const engine::Score score =
      engine::Scorer<models::CausalLm<B>>(model).score(parsed, requests).front();
  try {
    engine::refuse_damaged_weights(model, path, parsed,
                                   model.embed(tokens, tensor::single_sequence(tokens.size())));
  } catch (const Error& e) {
    return {e.what(), std::isfinite(score.loglikelihood)};
  }
  return {"", std::isfinite(score.loglikelihood)};
}

}  // namespace

TEMPLATE_TEST_CASE("a weight that is not a number is named, and no score hides it",
                   "[engine][not_finite]", PAINTERS_TEST_BACKENDS) {
  const support::TemporaryFolder folder;
  const auto path = folder.path() / "m.gguf";
  const support::RandomCausalLm random(support::CausalLmShape{});
  const auto says = [&](const std::string& name, std::size_t at, const std::string& place,
                        float value = std::numeric_limits<float>::quiet_NaN()) {
    support::GgufParts parts = random.gguf();
    spoil(parts, name, at, value);
    parts.write(path);
    const auto [sentence, is_number] = outcome<TestType>(path, "0..3");
    INFO(name);
    CHECK_FALSE(is_number);
    CHECK(sentence == "expected weights that are numbers in " + path.string() +
                          ", found NaN or infinity in " + place);
  };
  const std::string again = "; fetch the model again";
  const std::string or_without = again + ", or leave layer 2 out";
  says("blk.2.attn_norm.weight", 7, "'blk.2.attn_norm.weight'" + or_without);
  says("blk.2.attn_q.weight", 3 * 32, "row 3 of 'blk.2.attn_q.weight'" + or_without);
  says("blk.2.attn_k.weight", 2 * 32 + 31, "row 2 of 'blk.2.attn_k.weight'" + or_without);
  says("blk.2.attn_v.weight", 5, "row 0 of 'blk.2.attn_v.weight'" + or_without);
  says("blk.2.attn_output.weight", 5, "row 0 of 'blk.2.attn_output.weight'" + or_without);
  says("blk.2.ffn_norm.weight", 0, "'blk.2.ffn_norm.weight'" + or_without);
  says("blk.2.ffn_gate.weight", 47 * 32, "row 47 of 'blk.2.ffn_gate.weight'" + or_without);
  says("blk.2.ffn_up.weight", 47 * 32, "row 47 of 'blk.2.ffn_up.weight'" + or_without);
  says("blk.2.ffn_down.weight", 48, "row 1 of 'blk.2.ffn_down.weight'" + or_without);
  says("blk.2.ffn_down.weight", 48, "row 1 of 'blk.2.ffn_down.weight'" + or_without,
       -std::numeric_limits<float>::infinity());
  says("output_norm.weight", 1, "'output_norm.weight'" + again);
  says("output.weight", 9 * 32, "row 9 of 'output.weight'" + again);
  says("token_embd.weight", 59 * 32 + 4, "row 59 of 'token_embd.weight'" + again);
}

TEST_CASE("a layer that a plan leaves out does no harm", "[engine][not_finite]") {
  const support::TemporaryFolder folder;
  support::GgufParts parts = support::RandomCausalLm(support::CausalLmShape{}).gguf();
  spoil(parts, "blk.2.ffn_up.weight", 0, std::numeric_limits<float>::quiet_NaN());
  parts.write(folder.path() / "m.gguf");
  CHECK(outcome<backend::Reference>(folder.path() / "m.gguf", "0..1, 3") ==
        std::pair(std::string(), true));
}

TEST_CASE("a plan that grows beyond f32 is not the file's fault", "[engine][not_finite]") {
  const support::TemporaryFolder folder;
  support::RandomCausalLm(support::CausalLmShape{}).gguf().write(folder.path() / "m.gguf");
  CHECK(outcome<backend::Reference>(folder.path() / "m.gguf", "sum(1 * 1e30) x2") ==
        std::pair(std::string(), false));
}

TEST_CASE("the layer of a tensor is found in its name, whatever the family",
          "[engine][not_finite]") {
  using engine::detail::is_of_layer;
  CHECK(is_of_layer("blk.3.attn_q.weight", 3));
  CHECK(is_of_layer("model.layers.3.mlp.down_proj.weight", 3));
  CHECK(is_of_layer("encoder.layer.3.output.dense.bias", 3));
  CHECK_FALSE(is_of_layer("blk.13.attn_q.weight", 3));
  CHECK_FALSE(is_of_layer("blk.3.attn_q.weight", 1));
  CHECK(is_of_layer("token_embd.weight", std::nullopt));
  CHECK(is_of_layer("lm_head.weight", std::nullopt));
  CHECK_FALSE(is_of_layer("blk.3.attn_q.weight", std::nullopt));
}
