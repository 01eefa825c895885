#include <painters/models/bert_file.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <painters/backend/reference.hpp>
#include <painters/models/bert.hpp>

#include "support/catch.hpp"
#include "support/random_bert.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;
using Catch::Matchers::ContainsSubstring;
using models::BertHeadKind;
using support::GgufParts;
using support::HuggingFaceParts;

namespace {

const support::RandomBert& random_bert() {
  static const support::RandomBert one({.layers = 2});
  return one;
}

BertHeadKind load(const std::filesystem::path& path) {
  backend::Reference backend;
  const models::Bert<backend::Reference> model(path, backend);
  return model.head().kind();
}
BertHeadKind load_gguf(const std::function<void(GgufParts&)>& change) {
  const support::TemporaryFolder folder;
  GgufParts parts = random_bert().gguf();
  change(parts);
  parts.write(folder.path() / "m.gguf");
  return load(folder.path() / "m.gguf");
}
BertHeadKind load_folder(const std::function<void(HuggingFaceParts&)>& change) {
  const support::TemporaryFolder folder;
  HuggingFaceParts parts = random_bert().hugging_face();
  change(parts);
  parts.write(folder.path() / "m");
  return load(folder.path() / "m");
}

}  // namespace

TEST_CASE("a BERT without one of its tensors is refused by name", "[models][bert][file]") {
  CHECK(load_folder([](auto&) {}) == BertHeadKind::classifier);
  for (const auto& [name, unused] : random_bert().hugging_face().tensors) {
    CAPTURE(name);
    const auto load_without = [&, &erased = name] {
      return load_folder([&](auto& parts) {
        parts.config["architectures"] = {"BertForSequenceClassification"};
        parts.tensors.erase(erased);
      });
    };
    // The prefix is read off the word embeddings.
    const bool words = name == "bert.embeddings.word_embeddings.weight";
    CHECK_THROWS_WITH(load_without(),
                      ContainsSubstring("'" + (words ? name.substr(5) : name) + "'"));
  }
  for (const auto& [name, unused] : random_bert().gguf().tensors) {
    CAPTURE(name);
    const auto load_without = [&, &erased = name] {
      return load_gguf([&](auto& parts) { parts.tensors.erase(erased); });
    };
    if (name ==
        "cls.weight")  // as converters do: no pooler, and so nothing for the classifier to work on
      CHECK(load_without() == BertHeadKind::none);
    else if (name == "cls.output.weight")
      CHECK(load_without() == BertHeadKind::pooler);
    else if (name != "token_types.weight")
      CHECK_THROWS_WITH(load_without(), ContainsSubstring("'" + name + "'"));
  }
}

TEST_CASE("heads are found by their tensors", "[models][bert][file]") {
  CHECK(load_folder([](auto& parts) { parts.tensors.erase("classifier.weight"); }) ==
        BertHeadKind::pooler);
  CHECK(load_folder([](auto& parts) { parts.tensors.erase("bert.pooler.dense.weight"); }) ==
        BertHeadKind::none);
  CHECK(load_gguf([](auto& parts) {
          parts.metadata["bert.classifier.output_labels"] =
              std::vector<std::string>{"entailment", "neutral", "contradiction"};
        }) == BertHeadKind::classifier);
}

TEST_CASE("a matrix of one row may be stored as a vector", "[models][bert][file]") {
  const support::TemporaryFolder folder;
  const support::RandomBert random({.layers = 1, .token_types = 1, .labels = 1});
  GgufParts parts = random.gguf();
  for (const char* name : {"token_types.weight", "cls.output.weight"})
    parts.tensors.at(name).shape.erase(parts.tensors.at(name).shape.begin());
  parts.write(folder.path() / "m.gguf");
  const models::BertFile file(folder.path() / "m.gguf");
  CHECK(file.config().type_vocab_size == 1);
  CHECK(file.config().num_labels == 1);
  CHECK(file.config().is_regression);
  CHECK(load(folder.path() / "m.gguf") == BertHeadKind::classifier);
}

TEST_CASE("a configuration that describes no BERT is refused in a sentence",
          "[models][bert][file]") {
  const auto with = [](const char* key, const nlohmann::json& value) {
    return [=] { load_folder([&](auto& parts) { parts.config[key] = value; }); };
  };
  CHECK_THROWS_WITH(with("num_attention_heads", 5)(),
                    ContainsSubstring("found hidden_size 24 and 5 heads"));
  CHECK_THROWS_WITH(with("num_attention_heads", 0)(), ContainsSubstring("num_attention_heads"));
  CHECK_THROWS_WITH(with("num_hidden_layers", 0)(), ContainsSubstring("num_hidden_layers"));
  CHECK_THROWS_WITH(with("num_hidden_layers", 3)(), ContainsSubstring("encoder.layer.2."));
  CHECK_THROWS_WITH(with("layer_norm_eps", 0)(), ContainsSubstring("layer_norm_eps"));
  CHECK_THROWS_WITH(with("vocab_size", 29)(), ContainsSubstring("word_embeddings"));
  CHECK_THROWS_WITH(with("type_vocab_size", 3)(), ContainsSubstring("token_type_embeddings"));
  CHECK_THROWS_WITH(with("max_position_embeddings", 15)(),
                    ContainsSubstring("position_embeddings"));
  CHECK_THROWS_WITH(with("max_position_embeddings", nullptr)(),
                    ContainsSubstring("max_position_embeddings"));
  CHECK_THROWS_WITH(with("hidden_act", "mish")(), ContainsSubstring("\"mish\""));
  CHECK_THROWS_WITH(with("position_embedding_type", "relative_key")(),
                    ContainsSubstring("relative_key"));
  CHECK_THROWS_WITH(with("is_decoder", true)(), ContainsSubstring("is_decoder"));
  CHECK_THROWS_WITH(with("num_labels", 4)(), ContainsSubstring("'classifier.weight'"));
  CHECK_THROWS_WITH(
      load_folder([](auto& parts) {
        parts.config.erase("id2label");
        parts.config["num_labels"] = std::uint64_t{1} << 40;
      }),
      ContainsSubstring("at most 16777216 labels") && ContainsSubstring("found 1099511627776"));
  CHECK_THROWS_WITH(with("id2label", {{"0", "a"}, {"1", "b"}})(),
                    ContainsSubstring("found 2 and 3"));
  CHECK_THROWS_WITH(with("problem_type", "ranking")(), ContainsSubstring("\"ranking\""));
  CHECK_THROWS_WITH(with("model_type", "roberta")(), ContainsSubstring("\"roberta\""));
  CHECK_THROWS_WITH(
      load_folder([](auto& parts) {
        for (auto [name, t] : support::RandomBert({.layers = 2}).hugging_face("question.").tensors)
          parts.tensors[name] = t;
      }),
      ContainsSubstring("of one BERT"));
  CHECK_THROWS_WITH(load_gguf([](auto& parts) { parts.metadata["bert.attention.causal"] = true; }),
                    ContainsSubstring("bert.attention.causal"));
  CHECK_THROWS_WITH(
      load_gguf([](auto& parts) {
        parts.metadata["bert.classifier.output_labels"] = std::vector<std::string>{"yes", "no"};
      }),
      ContainsSubstring("found 2 and 3"));
  CHECK_THROWS_WITH(load_gguf([](auto& parts) { parts.metadata.erase("bert.context_length"); }),
                    ContainsSubstring("'bert.context_length'"));
}

TEST_CASE("labels are classes unless there is one or the file says otherwise",
          "[models][bert][file]") {
  const auto config = [](const char* fields) {
    models::BertConfig c;
    models::detail::read_labels(formats::JsonObject::parse(fields, "here"), c);
    return c;
  };
  CHECK(config("{}").num_labels == 2);
  CHECK(config(R"({"id2label": {"0": "a", "1": "b", "2": "c"}})").num_labels == 3);
  CHECK(config(R"({"num_labels": 5})").num_labels == 5);
  CHECK_FALSE(config(R"({"num_labels": 5})").is_regression);
  CHECK(config(R"({"num_labels": 1})").is_regression);
  CHECK(config(R"({"num_labels": 5, "problem_type": "regression"})").is_regression);
  CHECK_FALSE(
      config(R"({"num_labels": 1, "problem_type": "single_label_classification"})").is_regression);
}
