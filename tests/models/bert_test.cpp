#include <painters/models/bert.hpp>

#include <cstddef>
#include <string>
#include <vector>

#include <painters/engine/logits.hpp>
#include <painters/pipeline/executor.hpp>
#include <painters/plan/parse.hpp>
#include <painters/tensor/packed_batch.hpp>

#include "support/backends.hpp"
#include "support/catch.hpp"
#include "support/random_bert.hpp"
#include "support/states.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;
using models::Bert;
using models::BertHeadKind;
using support::BertShape;
using support::Doubles;
using support::RandomBert;

namespace {

constexpr const char* plans[] = {"0..2",
                                 "none",
                                 "2..0",
                                 "0, 2",
                                 "0..1, mean(0..2) x2, 2",
                                 "0, sum(1 * 0.5, 2) x2, 2 x3",
                                 "1.attention, 2.ffn, mean((0..1) * 2, 2)"};

/// States are about 1; logits add up to 40 products of these.
constexpr double tolerance = 1e-4;

const BertShape shapes[] = {
    {},
    {.hidden_size = 40, .heads = 4, .token_types = 1, .labels = 1},  // a regression
    {.token_types = 0, .head = BertHeadKind::pooler, .activation = backend::Activation::gelu_tanh},
    {.vocab_size = 2100, .head = BertHeadKind::masked_lm, .activation = backend::Activation::relu},
    {.head = BertHeadKind::none}};

/// A pair of texts.
struct Text {
  std::vector<text::TokenId> tokens;
  std::vector<int> types;
};
Text some_text(const BertShape& shape, std::size_t length, unsigned seed) {
  support::Random random(seed);
  Text text;
  for (std::size_t i = 0; i < length; ++i) {
    text.tokens.push_back(static_cast<text::TokenId>(random.between(0, shape.vocab_size - 1)));
    text.types.push_back(shape.token_types > 1 && i > length / 2 ? 1 : 0);
  }
  if (shape.token_types == 0) text.types.clear();
  return text;
}

/// The last states and what the head makes of them.
template <class B>
std::pair<Doubles, Doubles> forward(const Bert<B>& model, const char* plan, const Text& text) {
  Doubles last;
  const tensor::Buffer logits =
      engine::logits(model, parse_plan(plan), text.tokens, text.types,
                     [&](tensor::ConstMatrix state) { last = Doubles(state); });
  return {last, Doubles(logits.view())};
}

}  // namespace

TEMPLATE_TEST_CASE("a BERT gives the states and logits of its definition under any plan",
                   "[models][bert]", PAINTERS_TEST_BACKENDS) {
  const support::TemporaryFolder folder;
  TestType backend;
  for (const BertShape& shape : shapes) {
    const RandomBert random(shape);
    random.hugging_face().write(folder.path() / "model");
    const Bert<TestType> model(folder.path() / "model", backend);
    CHECK(model.head().kind() == shape.head);
    CHECK(model.config().num_labels == (shape.head == BertHeadKind::classifier ? shape.labels : 0));
    CHECK(model.config().is_regression == (shape.labels == 1));
    const Text text = some_text(shape, 13, 7);
    const auto batch = tensor::single_sequence(13);
    for (const char* plan : plans) {
      CAPTURE(shape.hidden_size, static_cast<int>(shape.head), plan);
      const Doubles states =
          random.run(parse_plan(plan), random.embed(text.tokens, text.types, batch), batch);
      const auto [last, logits] = forward(model, plan, text);
      CHECK(support::largest(states) > 1);
      CHECK(support::distance(last, states) < tolerance);
      if (shape.head == BertHeadKind::none) {
        CHECK(logits.rows == 0);
        continue;
      }
      CHECK(support::largest(logits) > 0.01);
      CHECK(support::distance(logits, random.logits(states, batch)) < tolerance);
    }
  }
}

TEMPLATE_TEST_CASE("a BERT is the same from GGUF, in every precision", "[models][bert]",
                   PAINTERS_TEST_BACKENDS) {
  const support::TemporaryFolder folder;
  TestType backend;
  for (const BertShape& shape : shapes) {
    if (shape.head == BertHeadKind::masked_lm) continue;  // GGUF has no such head
    for (const auto type : {tensor::ElementType::f32, tensor::ElementType::f16,
                            tensor::ElementType::q8_0, tensor::ElementType::q4_1}) {
      if (shape.activation != backend::Activation::gelu) continue;  // GGUF does not say it
      BertShape even = shape;
      if (tensor::traits(type).block_elements > 1)
        even.hidden_size = 64, even.heads = 4, even.intermediate_size = 96;
      const RandomBert random(even, 3, type);
      random.gguf().write(folder.path() / "model.gguf");
      random.hugging_face().write(folder.path() / "model");
      const Bert<TestType> gguf(folder.path() / "model.gguf", backend);
      const Bert<TestType> hugging_face(folder.path() / "model", backend);
      CAPTURE(tensor::traits(type).name, static_cast<int>(shape.head));
      CHECK(gguf.head().kind() == shape.head);
      CHECK(gguf.config().num_labels == hugging_face.config().num_labels);
      CHECK(gguf.config().type_vocab_size == shape.token_types);
      const Text text = some_text(even, 9, 5);
      const auto a = forward(gguf, "0..2", text), b = forward(hugging_face, "0..2", text);
      CHECK(support::distance(a.first, b.first) == 0);
      CHECK(support::distance(a.second, b.second) == 0);
      const auto batch = tensor::single_sequence(9);
      const Doubles expected =
          random.run(parse_plan("0..2"), random.embed(text.tokens, text.types, batch), batch);
      CHECK(support::distance(a.first, expected) < tolerance);
    }
  }
}

TEMPLATE_TEST_CASE("texts of one batch do not see each other", "[models][bert]",
                   PAINTERS_TEST_BACKENDS) {
  const support::TemporaryFolder folder;
  TestType backend;
  for (const BertShape& shape : {shapes[0], shapes[3]}) {
    const RandomBert random(shape);
    random.hugging_face().write(folder.path() / "model");
    const Bert<TestType> model(folder.path() / "model", backend);
    const std::size_t lengths[] = {16, 1, 5, 16, 9};
    tensor::PackedBatch batch;
    Text all;
    std::vector<Text> texts;
    for (const std::size_t length : lengths) {
      texts.push_back(some_text(shape, length, static_cast<unsigned>(length + texts.size())));
      batch.add(length);
      all.tokens.insert(all.tokens.end(), texts.back().tokens.begin(), texts.back().tokens.end());
      all.types.insert(all.types.end(), texts.back().types.begin(), texts.back().types.end());
    }
    const Plan plan = parse_plan("0, mean(1, 2), 0.attention, 2");
    auto x = model.embed(all.tokens, all.types, batch);
    run(plan, model.layers(), x);
    const Doubles states(layers::on_host(x).view());
    const auto made = model.head().logits(x);
    const Doubles logits(backend::on_host(backend, made.view()).view());
    CHECK(support::distance(states, random.run(plan, random.embed(all.tokens, all.types, batch),
                                               batch)) < tolerance);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      CAPTURE(i);
      const auto alone = forward(model, "0, mean(1, 2), 0.attention, 2", texts[i]);
      const auto rows = [&](const Doubles& of, std::size_t first, std::size_t count) {
        Doubles part(count, of.cols);
        for (std::size_t r = 0; r < count; ++r)
          for (std::size_t c = 0; c < of.cols; ++c) part(r, c) = of(first + r, c);
        return part;
      };
      const std::size_t first = batch.segments()[i].first_row;
      const bool masked = shape.head == BertHeadKind::masked_lm;
      CHECK(support::distance(alone.first, rows(states, first, lengths[i])) < 1e-5);
      CHECK(support::distance(alone.second,
                              rows(logits, masked ? first : i, masked ? lengths[i] : 1)) < 1e-5);
    }
  }
}

TEMPLATE_TEST_CASE("attention, then feed-forward, is the layer of a BERT", "[models][bert]",
                   PAINTERS_TEST_BACKENDS) {
  const support::TemporaryFolder folder;
  TestType backend;
  RandomBert(shapes[0]).hugging_face().write(folder.path() / "model");
  const Bert<TestType> model(folder.path() / "model", backend);
  CHECK(model.layers()[1].parts_in_sequence());
  const Text text = some_text(shapes[0], 11, 3);
  CHECK(support::distance(forward(model, "1.attention, 1.ffn", text).first,
                          forward(model, "1", text).first) == 0);
  CHECK(support::distance(forward(model, "1.ffn, 1.attention", text).first,
                          forward(model, "1", text).first) > 0.1);
}

TEMPLATE_TEST_CASE("a BERT is found under any prefix, with old names, beside other heads",
                   "[models][bert]", PAINTERS_TEST_BACKENDS) {
  const support::TemporaryFolder folder;
  TestType backend;
  const Text text = some_text(shapes[0], 8, 2);
  const RandomBert random(shapes[0]);
  random.hugging_face().write(folder.path() / "model");
  const auto expected = forward(Bert<TestType>(folder.path() / "model", backend), "0..2", text);
  for (const char* prefix : {"", "model.", "0.auto_model.", "{}{9}."}) {
    CAPTURE(prefix);
    support::HuggingFaceParts parts = random.hugging_face(prefix);
    decltype(parts.tensors) renamed;
    for (const auto& [full, t] : parts.tensors) {
      std::string name = full;
      const std::size_t norm = name.find("LayerNorm.");
      if (norm != std::string::npos)
        name.replace(norm, std::string::npos,
                     name.ends_with("weight") ? "LayerNorm.gamma" : "LayerNorm.beta");
      renamed[name] = t;
    }
    parts.tensors = renamed;
    parts.tensors[std::string(prefix) + "embeddings.position_ids"] = {
        {1, 16}, std::string(128, '\0'), 0, "I64"};
    parts.tensors["cls.predictions.transform.dense.weight"] = parts.tensors.begin()->second;
    parts.write(folder.path() / "model");
    const auto found = forward(Bert<TestType>(folder.path() / "model", backend), "0..2", text);
    CHECK(support::distance(found.first, expected.first) == 0);
    CHECK(support::distance(found.second, expected.second) == 0);
  }
  for (const char* other : {"BertForTokenClassification", "BertForMultipleChoice"}) {
    support::HuggingFaceParts parts = random.hugging_face();
    parts.config["architectures"] = {other};
    parts.write(folder.path() / "model");
    const Bert<TestType> model(folder.path() / "model", backend);
    CHECK(model.head().kind() == BertHeadKind::pooler);
  }
}

TEMPLATE_TEST_CASE("an untied vocabulary of a masked language model is its own", "[models][bert]",
                   PAINTERS_TEST_BACKENDS) {
  const support::TemporaryFolder folder;
  TestType backend;
  const RandomBert random(shapes[3]);
  const Text text = some_text(shapes[3], 6, 4);
  support::HuggingFaceParts parts = random.hugging_face();
  auto decoder = parts.tensors.at("bert.embeddings.word_embeddings.weight");
  std::string first = decoder.bytes.substr(0, 24 * 4);
  decoder.bytes = decoder.bytes.substr(24 * 4) + first;  // token i is read as i + 1
  parts.tensors["cls.predictions.decoder.weight"] = decoder;
  parts.tensors.at("cls.predictions.bias").bytes.assign(2100 * 4, '\0');
  const auto logits = [&] {
    parts.write(folder.path() / "model");
    return forward(Bert<TestType>(folder.path() / "model", backend), "0..2", text).second;
  };
  const Doubles tied = logits();
  parts.config["tie_word_embeddings"] = false;
  const Doubles untied = logits();
  CHECK(support::distance(support::middle_cols(untied, 0, 2099),
                          support::middle_cols(tied, 1, 2099)) < 1e-5);
  CHECK(support::distance(untied, tied) > 0.1);
}

TEMPLATE_TEST_CASE("a BERT refuses tokens, types and texts that it does not embed",
                   "[models][bert]", PAINTERS_TEST_BACKENDS) {
  const support::TemporaryFolder folder;
  TestType backend;
  RandomBert(shapes[0]).hugging_face().write(folder.path() / "model");
  RandomBert(shapes[2]).hugging_face().write(folder.path() / "without_types");
  const Bert<TestType> model(folder.path() / "model", backend);
  const auto text = [](std::vector<text::TokenId> tokens, std::vector<int> types = {}) {
    return Text{std::move(tokens), std::move(types)};
  };
  CHECK_THROWS_WITH(forward(model, "0", text({1, 30})),
                    "expected token ids of 0 to 29 for this model, found 30");
  CHECK_THROWS_WITH(forward(model, "0", text({-1})),
                    "expected token ids of 0 to 29 for this model, found -1");
  CHECK_THROWS_WITH(forward(model, "0", text({1, 2}, {0, 2})),
                    "expected token types of 0 to 1 for this model, found 2");
  CHECK_THROWS_WITH(forward(model, "0", text({1, 2}, {0})),
                    "expected as many token types as tokens, 2, found 1");
  CHECK_THROWS_WITH(forward(model, "0", text(std::vector<text::TokenId>(17, 1))),
                    "expected texts of 1 to 16 tokens, as many as this model has positions, found "
                    "one of 17; shorten it");
  CHECK_THROWS_AS(forward(model, "0", text({})), Error);
  CHECK_THROWS_AS(forward(model, "3", text({1})), UsageError);
  CHECK_NOTHROW(forward(model, "0", text(std::vector<text::TokenId>(16, 1))));
  CHECK_THROWS_WITH(
      forward(Bert<TestType>(folder.path() / "without_types", backend), "0", text({1, 2}, {0, 0})),
      "expected no token types for this model, which embeds none, found 2");
  CHECK(support::distance(forward(model, "0", text({1, 2})).first,
                          forward(model, "0", text({1, 2}, {0, 0})).first) == 0);
}

TEMPLATE_TEST_CASE("a head of BERT refuses texts without tokens and states of other models",
                   "[models][bert]", PAINTERS_TEST_BACKENDS) {
  const support::TemporaryFolder folder;
  TestType backend;
  RandomBert(shapes[0]).hugging_face().write(folder.path() / "model");
  const Bert<TestType> model(folder.path() / "model", backend);
  tensor::PackedBatch batch;
  batch.add(0);
  batch.add(2);  // its first row would be taken for both texts
  support::Random random(6);
  const auto states = [&](std::size_t size) {
    return support::random_states(backend, batch, size, random);
  };
  const std::size_t own = model.config().hidden_size;
  CHECK_THROWS_AS(model.head().logits(states(own)), Error);
  batch = tensor::single_sequence(2);
  CHECK(model.head().logits(states(own)).rows() == 1);
  CHECK_THROWS_AS(model.head().logits(states(own + 8)), Error);
  CHECK_THROWS_AS(model.head().pooled(states(own + 8)), Error);
}
