#include <painters/models/file_shape.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <painters/models/flops.hpp>
#include <painters/models/known_shapes.hpp>
#include <painters/models/tensor_groups.hpp>

#include "support/catch.hpp"
#include "support/family_shapes.hpp"
#include "support/random_bert.hpp"
#include "support/random_causal_lm.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;
using Catch::Matchers::ContainsSubstring;
using models::ModelFile;
using models::ModelShape;
using nlohmann::json;

namespace {

/// Elements of all tensors but the frequencies of rotary embedding, which are no parameters.
std::size_t elements(const ModelFile& file) {
  std::size_t count = 0;
  for (const models::TensorGroup& group : models::tensor_groups(file.tensors()))
    if (group.name != "rope_freqs.weight") count += group.elements;
  return count;
}

/// Checks that a model's file has as many parameters as its tensors have elements.
void check_parameters(const std::filesystem::path& path) {
  CAPTURE(path.string());
  const std::vector<ModelShape> shapes = models::layer_shapes(ModelFile::open(path));
  REQUIRE(!shapes.empty());
  CHECK(shapes.size() == shapes.front().num_hidden_layers);
  for (const ModelShape& shape : shapes)
    CHECK(parameters(shape) == elements(ModelFile::open(path)));
}

/// The shapes of a folder with nothing but a configuration.
std::vector<ModelShape> shapes_without_weights(const json& config) {
  const support::TemporaryFolder folder;
  std::ofstream(folder.path() / "config.json") << config;
  return models::layer_shapes(ModelFile::open(folder.path()));
}

const json llama_2_7b = {{"model_type", "llama"},     {"num_hidden_layers", 32},
                         {"hidden_size", 4096},       {"intermediate_size", 11008},
                         {"num_attention_heads", 32}, {"vocab_size", 32000}};

}  // namespace

TEST_CASE("a file has as many parameters as its tensors have elements", "[models][shape]") {
  const support::TemporaryFolder folder;
  const auto check = [&](const auto& random) {
    random.hugging_face().write(folder.path() / "model");
    check_parameters(folder.path() / "model");
    random.gguf().write(folder.path() / "model.gguf");
    check_parameters(folder.path() / "model.gguf");
  };
  for (support::CausalLmShape shape : support::all_families())
    for (const bool tied : {false, true}) {
      shape.tied = tied;
      CAPTURE(shape.family, tied);
      check(support::RandomCausalLm(shape, 3));
    }
  using Kind = models::BertHeadKind;
  for (const Kind head : {Kind::none, Kind::pooler, Kind::classifier, Kind::masked_lm})
    for (const std::size_t token_types : {0, 2}) {
      const support::RandomBert random({.token_types = token_types, .head = head});
      random.hugging_face().write(folder.path() / "bert");
      check_parameters(folder.path() / "bert");
      if (head == Kind::masked_lm) continue;  // GGUF has none
      random.gguf().write(folder.path() / "bert.gguf");
      check_parameters(folder.path() / "bert.gguf");
    }
}

TEST_CASE("a model's own matrix for masked tokens counts", "[models][shape]") {
  const support::TemporaryFolder folder;
  const support::RandomBert random({.head = models::BertHeadKind::masked_lm});
  support::HuggingFaceParts parts = random.hugging_face();
  parts.config["tie_word_embeddings"] = false;
  const support::BertShape& shape = random.shape();
  parts.tensors["cls.predictions.decoder.weight"] = {
      {shape.vocab_size, shape.hidden_size},
      std::string(4 * shape.vocab_size * shape.hidden_size, '\0')};
  parts.write(folder.path() / "bert");
  check_parameters(folder.path() / "bert");
}

TEST_CASE("a configuration of a known model has its shape, with or without weights",
          "[models][shape]") {
  ModelShape expected = models::known_shape("llama-2-7b");
  expected.max_position_embeddings = 2048;  // the default of a key that is not there
  CHECK(shapes_without_weights(llama_2_7b) == std::vector<ModelShape>(32, expected));
  CHECK(expected.sliding_window == 0);
}

TEST_CASE("every layer has its own window", "[models][shape]") {
  json config = llama_2_7b;
  config.update({{"model_type", "qwen2"},
                 {"num_hidden_layers", 3},
                 {"use_sliding_window", true},
                 {"sliding_window", 64},
                 {"max_window_layers", 1}});
  const std::vector<ModelShape> shapes = shapes_without_weights(config);
  REQUIRE(shapes.size() == 3);
  CHECK(shapes[0].sliding_window == 0);
  CHECK(shapes[1].sliding_window == 64);
  CHECK(shapes[2].sliding_window == 64);
  CHECK(shapes[0].attention_bias);
  CHECK(flops(shapes[0], {512, 512}) > flops(shapes[1], {512, 512}));
}

TEST_CASE("a file from which no shape follows is refused with the reason", "[models][shape]") {
  const auto refused = [](const json& changes, const std::string& words) {
    json config = llama_2_7b;
    config.update(changes);
    CHECK_THROWS_WITH(shapes_without_weights(config),
                      ContainsSubstring(words) && ContainsSubstring("config.json"));
  };
  refused({{"model_type", "gemma2"}}, "found \"gemma2\"");
  constexpr std::size_t most = 1u << 24;
  refused({{"num_hidden_layers", 65535},
           {"hidden_size", most},
           {"intermediate_size", most},
           {"num_attention_heads", 4096},
           {"vocab_size", most}},
          "fewer than 2^60 parameters");
  refused({{"num_attention_heads", most}, {"head_dim", 65536}}, "columns of all heads");
  // Only the weights of a BERT show which heads it has.
  CHECK_THROWS_WITH(shapes_without_weights({{"model_type", "bert"},
                                            {"num_hidden_layers", 2},
                                            {"hidden_size", 8},
                                            {"intermediate_size", 16},
                                            {"num_attention_heads", 2},
                                            {"vocab_size", 30},
                                            {"max_position_embeddings", 16}}),
                    ContainsSubstring("fetch the model's weights"));
}
