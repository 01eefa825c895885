#include <painters/models/tensor_groups.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include <painters/formats/stored_tensor.hpp>
#include <painters/models/model_file.hpp>

#include "support/catch.hpp"
#include "support/random_causal_lm.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;
using Catch::Matchers::ContainsSubstring;
using models::name_of_group;

TEST_CASE("only the number of a layer is left out of a tensor's name", "[models][info]") {
  CHECK(name_of_group("blk.12.attn_q.weight") == "blk.{}.attn_q.weight");
  CHECK(name_of_group("model.layers.0.mlp.up_proj.weight") == "model.layers.{}.mlp.up_proj.weight");
  CHECK(name_of_group("h.1.experts.22.w1") == "h.{}.experts.{}.w1");
  CHECK(name_of_group("output.weight") == "output.weight");
  CHECK(name_of_group("layer12.weight.3") == "layer12.weight.3");
  CHECK(name_of_group("3.weight").empty() == false);
}

TEST_CASE("groups count what a file holds", "[models][info]") {
  const support::TemporaryFolder folder;
  const support::RandomCausalLm random({{32, 48, {4, 2, 8}}, 3, 60, 64});
  auto parts = random.gguf();
  parts.write(folder.path() / "m.gguf");
  const auto file = models::ModelFile::open(folder.path() / "m.gguf");
  std::size_t elements = 0;
  bool found = false;
  for (const models::TensorGroup& group : models::tensor_groups(file.tensors())) {
    elements += group.elements;
    CHECK(group.bytes == 4 * group.elements);
    CHECK(group.same_shape);
    if (group.name != "blk.{}.ffn_down.weight") continue;
    found = true;
    CHECK(group.tensors == 3);
    CHECK(group.types == std::map<std::string, std::size_t>{{"F32", 3}});
    CHECK(group.shape == std::vector<std::size_t>{32, 48});
  }
  CHECK(found);
  const std::size_t layer = 2 * 32 + 2 * 32 * 32 + 2 * 16 * 32 + 3 * 32 * 48;
  CHECK(elements == 3 * layer + 2 * 60 * 32 + 32);
}

TEST_CASE("shapes that no file can hold are refused, not counted wrongly", "[models][info]") {
  const auto refused = [](const std::vector<std::vector<std::size_t>>& shapes) {
    formats::TensorTable tensors;
    std::size_t number = 0;
    for (const std::vector<std::size_t>& shape : shapes)
      tensors.add({"t." + std::to_string(number++) + ".x", "a new type", {}, shape, {}});
    CHECK_THROWS_WITH(models::tensor_groups(tensors.all()),
                      ContainsSubstring("'t." + std::to_string(number - 1) + ".x' of shape") &&
                          ContainsSubstring("the file is damaged"));
  };
  constexpr std::size_t half = std::size_t{1} << 32;
  refused({{half, half}});  // 2^64 is 0
  refused({{half, half, 3}});
  refused({{half + 1, half - 1, 0}});  // whatever comes after
  refused({{half, half >> 6}, {half, half >> 6}});
  refused({{1}, {half, half / 2, 2}});
  formats::TensorTable none;
  none.add({"none", "a new type", {}, {0, half, half}, {}});
  CHECK(models::tensor_groups(none.all()).at(0).elements == 0);
}
