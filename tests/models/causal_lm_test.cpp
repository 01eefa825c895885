#include <painters/models/causal_lm.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <painters/engine/logits.hpp>
#include <painters/plan/parse.hpp>
#include <painters/tensor/dequantize.hpp>
#include <painters/tensor/element_type.hpp>

#include "support/backends.hpp"
#include "support/catch.hpp"
#include "support/random_causal_lm.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;
using models::CausalLm;
using support::CausalLmShape;
using support::Doubles;
using support::RandomCausalLm;

namespace {

constexpr const char* plans[] = {"0..3",
                                 "none",
                                 "3..0",
                                 "0, 2",
                                 "0..1, mean(1..3) x2, 3",
                                 "0, sum(1 * 0.5, 3) x2, 2 x3",
                                 "1.attention, 2.ffn, mean((0..1) * 2, 3)"};

/// Logits are about 3, their rounding error about as large as that of the states.
constexpr double tolerance = 1e-4;

/// Two layers fewer than heads, shared keys and values, and no size a multiple of the vector width.
const CausalLmShape shapes[] = {{},
                                {{40, 24, {6, 2, 10}, 500}, 4, 33, 40, true},
                                {{64, 96, {3, 3, 32}, 100000, 1e-3f}, 4, 2100, 20, false}};

template <class B>
tensor::Buffer logits(const CausalLm<B>& model, const char* plan,
                      const std::vector<text::TokenId>& tokens) {
  return engine::logits(model, parse_plan(plan), tokens, [](tensor::ConstMatrix) {});
}

std::vector<text::TokenId> some_tokens(std::size_t n, std::size_t vocab_size) {
  support::Random random(7);
  std::vector<text::TokenId> tokens(n);
  for (auto& token : tokens) token = static_cast<text::TokenId>(random.between(0, vocab_size - 1));
  return tokens;
}

}  // namespace

TEMPLATE_TEST_CASE("a model gives the logits of its definition under any plan, from either format",
                   "[models][causal_lm]", PAINTERS_TEST_BACKENDS) {
  const support::TemporaryFolder folder;
  TestType backend;
  for (const CausalLmShape& shape : shapes) {
    const RandomCausalLm random(shape);
    random.gguf().write(folder.path() / "model.gguf");
    random.hugging_face().write(folder.path() / "model");
    const CausalLm<TestType> gguf(folder.path() / "model.gguf", backend);
    const CausalLm<TestType> hugging_face(folder.path() / "model", backend);
    const auto tokens = some_tokens(13, shape.vocab_size);
    for (const char* plan : plans) {
      CAPTURE(shape.block.hidden_size, plan);
      const Doubles expected = random.logits(parse_plan(plan), tokens);
      const tensor::Buffer from_gguf = logits(gguf, plan, tokens);
      CHECK(support::largest(expected) > 1);
      CHECK(support::distance(from_gguf.view(), expected) < tolerance);
      // The same numbers in the same order: not a bit of difference.
      CHECK(support::distance(from_gguf.view(), logits(hugging_face, plan, tokens).view()) == 0);
    }
    const auto one = some_tokens(1, shape.vocab_size);
    CHECK(support::distance(logits(gguf, "0..3", one).view(),
                            random.logits(parse_plan("0..3"), one)) < tolerance);
  }
}

TEMPLATE_TEST_CASE("weights of every type give the logits of their values", "[models][causal_lm]",
                   PAINTERS_TEST_BACKENDS) {
  const support::TemporaryFolder folder;
  TestType backend;
  for (const auto type : tensor::element_types) {
    CAPTURE(tensor::traits(type).name);
    const bool tied = type == tensor::ElementType::q8_0 || type == tensor::ElementType::q6_k;
    const CausalLmShape shape = tensor::traits(type).block_elements == 256
                                    ? CausalLmShape{{256, 512, {8, 4, 32}}, 2, 70, 30, tied}
                                    : CausalLmShape{{64, 96, {4, 2, 16}}, 2, 70, 30, tied};
    const RandomCausalLm random(shape, 3, type);
    random.gguf().write(folder.path() / "model.gguf");
    random.hugging_face().write(folder.path() / "model");
    const CausalLm<TestType> gguf(folder.path() / "model.gguf", backend);
    const CausalLm<TestType> hugging_face(folder.path() / "model", backend);
    const auto tokens = some_tokens(9, 70);
    const tensor::Buffer from_gguf = logits(gguf, "0..1", tokens);
    const Doubles expected = random.logits(parse_plan("0..1"), tokens);
    CAPTURE(support::largest(expected));
    CHECK(support::distance(from_gguf.view(), expected) < tolerance);
    CHECK(support::distance(from_gguf.view(), logits(hugging_face, "0..1", tokens).view()) == 0);
    const auto batch = tensor::single_sequence(tokens.size());
    CHECK(support::distance(layers::on_host(gguf.embed(tokens, batch)).view(),
                            random.embed(tokens)) == 0);
  }
}

TEMPLATE_TEST_CASE("a file that mixes types gives the logits of its values in F32",
                   "[models][causal_lm]", PAINTERS_TEST_BACKENDS) {
  const support::TemporaryFolder folder;
  const CausalLmShape shape{{256, 512, {8, 4, 32}}, 3, 70, 30};
  std::vector<support::GgufParts> of_type;
  for (const auto type : tensor::element_types)
    of_type.push_back(RandomCausalLm(shape, 5, type).gguf());
  support::GgufParts mixed = of_type[0], values = mixed;
  std::size_t next = 0;  // neighbours differ: Q, K and V, gate and up
  for (auto& [name, t] : mixed.tensors) {
    if (t.shape.size() == 1) continue;
    const std::size_t i = next++ % tensor::element_types.size();
    t = of_type[i].tensors.at(name);
    std::string& in_f32 = values.tensors.at(name).bytes;
    tensor::Buffer numbers(t.shape[0], t.shape[1]);
    tensor::dequantize(tensor::element_types[i], reinterpret_cast<const std::byte*>(t.bytes.data()),
                       numbers.size(), numbers.data());
    in_f32.assign(reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(float));
  }
  CHECK(next > tensor::element_types.size());
  mixed.write(folder.path() / "mixed.gguf");
  values.write(folder.path() / "values.gguf");
  TestType backend;
  const auto tokens = some_tokens(9, 70);
  CHECK(
      support::distance(
          logits(CausalLm<TestType>(folder.path() / "mixed.gguf", backend), "0..2", tokens).view(),
          logits(CausalLm<TestType>(folder.path() / "values.gguf", backend), "0..2", tokens)
              .view()) == 0);
}

TEMPLATE_TEST_CASE("a separate head is used only where embeddings are not tied",
                   "[models][causal_lm]", PAINTERS_TEST_BACKENDS) {
  const support::TemporaryFolder folder;
  TestType backend;
  const RandomCausalLm tied(CausalLmShape{.tied = true}), untied(CausalLmShape{.tied = false});
  const auto tokens = some_tokens(5, 60);
  const auto plan = parse_plan("0..3");

  support::HuggingFaceParts parts = untied.hugging_face();
  parts.config["tie_word_embeddings"] = true;  // some files hold a copy that is not used
  parts.write(folder.path() / "model");
  Doubles expected = tied.logits(plan, tokens);
  CHECK(support::distance(
            logits(CausalLm<TestType>(folder.path() / "model", backend), "0..3", tokens).view(),
            expected) < tolerance);
  parts.config.erase("tie_word_embeddings");
  parts.write(folder.path() / "model");
  CHECK(support::distance(
            logits(CausalLm<TestType>(folder.path() / "model", backend), "0..3", tokens).view(),
            untied.logits(plan, tokens)) < tolerance);

  parts.tensors.erase("lm_head.weight");
  parts.write(folder.path() / "model");
  CHECK_THROWS_WITH(CausalLm<TestType>(folder.path() / "model", backend),
                    Catch::Matchers::ContainsSubstring("'lm_head.weight'"));
}

TEMPLATE_TEST_CASE("states before the first layer are the embeddings, bit by bit",
                   "[models][causal_lm]", PAINTERS_TEST_BACKENDS) {
  const support::TemporaryFolder folder;
  TestType backend;
  const RandomCausalLm random(CausalLmShape{});
  random.gguf().write(folder.path() / "model.gguf");
  const CausalLm<TestType> model(folder.path() / "model.gguf", backend);
  const std::vector<text::TokenId> tokens{0, 59, 3, 3};
  const auto batch = tensor::single_sequence(4);
  auto x = model.embed(tokens, batch);
  CHECK(support::distance(layers::on_host(x).view(), random.embed(tokens)) == 0);
  for (const text::TokenId id : {-1, 60, 1 << 30}) {
    CHECK_THROWS_WITH(model.embed(std::vector<text::TokenId>{1, 2, 3, id}, batch),
                      "expected token ids of 0 to 59 for this model, found " + std::to_string(id));
    CHECK_THROWS_AS(model.check(std::vector{id}), Error);
  }
  CHECK_THROWS_WITH(model.embed(std::vector{1, 2, 3}, batch),
                    "expected a token for each of the 4 rows of the batch, found 3 tokens");
  CHECK_NOTHROW(model.check(std::vector{59}));
}

TEMPLATE_TEST_CASE("two models can share a backend, and a moved model still works",
                   "[models][causal_lm]", PAINTERS_TEST_BACKENDS) {
  const support::TemporaryFolder folder;
  TestType backend;
  const RandomCausalLm first(CausalLmShape{}, 1), second(shapes[1], 2);
  first.gguf().write(folder.path() / "first.gguf");
  second.hugging_face().write(folder.path() / "second");
  std::vector<CausalLm<TestType>> models;
  models.emplace_back(folder.path() / "first.gguf", backend);
  models.emplace_back(folder.path() / "second", backend);
  const auto tokens = some_tokens(6, 33);
  const auto plan = parse_plan("0..3");
  CHECK(support::distance(logits(models[0], "0..3", tokens).view(), first.logits(plan, tokens)) <
        tolerance);
  CHECK(support::distance(logits(models[1], "0..3", tokens).view(), second.logits(plan, tokens)) <
        tolerance);
}

template <class M>
concept GivesLayers = requires(M&& model) {
  std::forward<M>(model).layers();
};
template <class M>
concept GivesHead = requires(M&& model) {
  std::forward<M>(model).head();
};
template <class M>
concept GivesConfig = requires(M&& model) {
  std::forward<M>(model).config();
};

TEST_CASE("what a temporary model holds cannot be kept", "[models][causal_lm]") {
  using Model = CausalLm<backend::Reference>;
  static_assert(GivesLayers<const Model&> && GivesHead<const Model&> && GivesConfig<const Model&>);
  static_assert(!GivesLayers<Model> && !GivesHead<Model> && !GivesConfig<Model>);
  // A backend that ends with the line is no backend of a model.
  static_assert(!std::is_constructible_v<Model, const char*, backend::Reference>);
}
