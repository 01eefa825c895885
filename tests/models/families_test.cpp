// Every family against its definition in double precision, from either format.
#include <painters/models/causal_lm.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <vector>

#include <painters/backend/reference.hpp>
#include <painters/engine/logits.hpp>
#include <painters/plan/parse.hpp>

#include "support/backends.hpp"
#include "support/catch.hpp"
#include "support/family_shapes.hpp"
#include "support/random_causal_lm.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;
using models::CausalLm;
using support::CausalLmShape;
using support::RandomCausalLm;

namespace {

constexpr const char* plans[] = {"0..2", "none", "2..0", "0, mean(1, 2 * 0.5) x2, 2",
                                 "1.attention, 0.ffn, sum(2, (0..1) * 0.5)"};

/// GGUF has one window for all layers.
bool has_gguf(const CausalLmShape& shape) {
  return std::all_of(shape.windows.begin(), shape.windows.end(),
                     [&](std::size_t window) { return window == shape.windows[0]; });
}

const std::vector<text::TokenId> tokens{5, 0, 59, 17, 17, 3, 42, 8, 30, 1, 11};

template <class B>
tensor::Buffer logits(const CausalLm<B>& model, const char* plan) {
  return engine::logits(model, parse_plan(plan), tokens, [](tensor::ConstMatrix) {});
}

}  // namespace

TEMPLATE_TEST_CASE("every family gives the logits of its definition under any plan",
                   "[models][families]", PAINTERS_TEST_BACKENDS) {
  const support::TemporaryFolder folder;
  TestType backend;
  for (const CausalLmShape& shape : support::all_families()) {
    const RandomCausalLm random(shape, 5);
    const support::HuggingFaceParts parts = random.hugging_face();
    CAPTURE(parts.config.dump());
    parts.write(folder.path() / "model");
    const CausalLm<TestType> model(folder.path() / "model", backend);
    CHECK(model.config().model_type == shape.family);
    CHECK(model.config().sliding_windows == shape.windows);
    std::vector<tensor::Buffer> found;
    for (const char* plan : plans) {
      CAPTURE(plan);
      const support::Doubles expected = random.logits(parse_plan(plan), tokens);
      found.push_back(logits(model, plan));
      CHECK(support::largest(expected) > 1);
      CHECK(support::distance(found.back().view(), expected) < 1e-4);
    }
    if (!has_gguf(shape)) continue;
    random.gguf().write(folder.path() / "model.gguf");
    const CausalLm<TestType> gguf(folder.path() / "model.gguf", backend);
    CHECK(gguf.config().sliding_windows == shape.windows);
    // Not a bit of difference, unless frequencies are divided by rounded numbers.
    const double allowed = shape.scaling.rope_type == "llama3" ? 1e-4 : 0;
    for (std::size_t p = 0; p < std::size(plans); ++p)
      CHECK(support::distance(logits(gguf, plans[p]).view(), found[p].view()) <= allowed);
  }
}

TEMPLATE_TEST_CASE("what a family is known for changes its logits", "[models][families]",
                   PAINTERS_TEST_BACKENDS) {
  const support::TemporaryFolder folder;
  TestType backend;
  const auto found = [&](const support::HuggingFaceParts& parts,
                         models::CausalLmOptions options = {}) {
    parts.write(folder.path() / "model");
    return logits(CausalLm<TestType>(folder.path() / "model", backend, options), "0..2");
  };
  const auto differ = [](const tensor::Buffer& a, const tensor::Buffer& b) {
    return support::distance(a.view(), b.view()) > 1e-2;
  };
  // 11 tokens do not notice a window of 11; the user may ask for none.
  const support::HuggingFaceParts windowed = RandomCausalLm(support::mistral(3), 5).hugging_face();
  support::HuggingFaceParts wide = windowed, without = windowed;
  wide.config["sliding_window"] = 11;
  without.config["sliding_window"] = nullptr;
  const tensor::Buffer all = found(without);
  CHECK(differ(found(windowed), all));
  CHECK(support::distance(found(wide).view(), all.view()) == 0);
  CHECK(support::distance(found(windowed, {.ignores_sliding_window = true}).view(), all.view()) ==
        0);
  wide.config["sliding_window"] = 10;
  CHECK(differ(found(wide), all));

  support::HuggingFaceParts scaled =
      RandomCausalLm(support::llama(false, false, support::llama3)).hugging_face();
  const tensor::Buffer by_factor = found(scaled);
  scaled.config["rope_scaling"] = nullptr;
  CHECK(differ(by_factor, found(scaled)));

  support::HuggingFaceParts neox = RandomCausalLm(support::gpt_neox(true, 4, true)).hugging_face();
  const tensor::Buffer in_parallel = found(neox);
  neox.config["use_parallel_residual"] = false;
  CHECK(differ(in_parallel, found(neox)));
  neox.config["use_parallel_residual"] = true;
  neox.config["rotary_pct"] = 1.0;
  CHECK(differ(in_parallel, found(neox)));
}

TEMPLATE_TEST_CASE("Qwen's windows are where either spelling puts them", "[models][families]",
                   PAINTERS_TEST_BACKENDS) {
  const support::TemporaryFolder folder;
  TestType backend;
  for (const CausalLmShape& shape : {support::qwen2({0, 3, 3}), support::qwen3(false, {0, 3, 3})}) {
    const RandomCausalLm random(shape, 5);
    support::HuggingFaceParts parts = random.hugging_face();
    parts.config.erase("layer_types");
    parts.config["max_window_layers"] = 1;
    parts.write(folder.path() / "model");
    const CausalLm<TestType> model(folder.path() / "model", backend);
    CHECK(model.config().sliding_windows == shape.windows);
    CHECK(support::distance(logits(model, "0..2").view(),
                            random.logits(parse_plan("0..2"), tokens)) < 1e-4);
  }
}

TEMPLATE_TEST_CASE("every family can be stored in 16 bits or quantised", "[models][families]",
                   PAINTERS_TEST_BACKENDS) {
  using tensor::ElementType;
  const support::TemporaryFolder folder;
  TestType backend;
  for (CausalLmShape shape : {support::llama(true, true), support::mistral(3), support::qwen2({}),
                              support::qwen3(false, {}), support::gpt_neox(true, 2, true)}) {
    shape.block.intermediate_size = 64;
    shape.block.attention.head_dim = 8;  // rows in whole blocks
    for (const ElementType type : {ElementType::f16, ElementType::bf16, ElementType::q8_0}) {
      CAPTURE(shape.family, tensor::traits(type).name);
      const RandomCausalLm random(shape, 6, type);
      random.hugging_face().write(folder.path() / "model");
      random.gguf().write(folder.path() / "model.gguf");
      const support::Doubles expected = random.logits(parse_plan("0..2"), tokens);
      for (const char* name : {"model", "model.gguf"}) {
        const CausalLm<TestType> model(folder.path() / name, backend);
        CHECK(support::distance(logits(model, "0..2").view(), expected) < 1e-4);
      }
    }
  }
}

TEST_CASE("a Qwen2 in GGUF has the biases of its family", "[models][families]") {
  const support::TemporaryFolder folder;
  backend::Reference backend;
  support::GgufParts parts = RandomCausalLm(support::qwen2({})).gguf();
  for (const char* layer : {"blk.0.", "blk.1.", "blk.2."})
    for (const char* part : {"attn_q.bias", "attn_k.bias", "attn_v.bias"})
      parts.tensors.erase(std::string(layer) + part);
  parts.write(folder.path() / "model.gguf");
  CHECK_THROWS_WITH(CausalLm<backend::Reference>(folder.path() / "model.gguf", backend),
                    Catch::Matchers::ContainsSubstring("'blk.0.attn_q.bias'"));
}
