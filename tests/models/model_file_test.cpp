#include <painters/models/model_file.hpp>

#include <cstddef>
#include <vector>

#include <painters/error.hpp>

#include "support/catch.hpp"
#include "support/random_causal_lm.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;
using Catch::Matchers::ContainsSubstring;
using models::ModelFile;

TEST_CASE("both formats name themselves and give the same vectors", "[models][file]") {
  const support::TemporaryFolder folder;
  const support::RandomCausalLm random({{32, 48, {4, 2, 8}}, 2, 60, 64});
  random.gguf().write(folder.path() / "m.gguf");
  random.hugging_face().write(folder.path() / "m");
  const ModelFile gguf = ModelFile::open(folder.path() / "m.gguf");
  const ModelFile hugging_face = ModelFile::open(folder.path() / "m");
  CHECK(gguf.architecture() == "llama");
  CHECK(hugging_face.architecture() == "llama");
  CHECK((gguf.gguf() && !gguf.config()));
  CHECK((hugging_face.config() && !hugging_face.gguf()));
  CHECK(gguf.config_place() == (folder.path() / "m.gguf").string());
  CHECK(hugging_face.config_place() == (folder.path() / "m" / "config.json").string());
  CHECK(gguf.find("no such tensor") == nullptr);
  CHECK(gguf.vector("blk.1.ffn_norm.weight", 32) ==
        hugging_face.vector("model.layers.1.post_attention_layernorm.weight", 32));
}

TEST_CASE("elements of a vector come in the order of heads", "[models][file]") {
  const support::TemporaryFolder folder;
  support::GgufParts parts = support::RandomCausalLm({{32, 48, {4, 2, 8}}, 1, 60, 64}).gguf();
  parts.add("v.bias", std::vector<float>{0, 1, 2, 3, 4, 5, 6, 7});
  parts.write(folder.path() / "m.gguf");
  const ModelFile file = ModelFile::open(folder.path() / "m.gguf");
  CHECK(file.vector("v.bias", 8) == std::vector<float>{0, 1, 2, 3, 4, 5, 6, 7});
  CHECK(file.vector("v.bias", 8, {2, 4, true}) == std::vector<float>{0, 2, 1, 3, 4, 6, 5, 7});
}

TEST_CASE("a vector of another size is refused before memory is taken for it", "[models][file]") {
  const support::TemporaryFolder folder;
  support::RandomCausalLm({{32, 48, {4, 2, 8}}, 1, 60, 64}).gguf().write(folder.path() / "m.gguf");
  const ModelFile file = ModelFile::open(folder.path() / "m.gguf");
  CHECK_THROWS_WITH(file.vector("output_norm.weight", std::size_t{1} << 60),
                    ContainsSubstring("'output_norm.weight' of shape [1152921504606846976]"));
}

TEST_CASE("a name that a family lacks is refused", "[models][file]") {
  CHECK(models::of_layer("blk.{}.ffn_up", 3) == "blk.3.ffn_up");
  CHECK_THROWS_AS(models::of_layer(nullptr, 0), UsageError);
}
