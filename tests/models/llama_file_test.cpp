#include <painters/models/llama_file.hpp>

#include <cstddef>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include <painters/backend/reference.hpp>
#include <painters/models/causal_lm.hpp>

#include "support/catch.hpp"
#include "support/random_llama.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;
using Catch::Matchers::ContainsSubstring;
using support::GgufParts;
using support::HuggingFaceParts;

namespace {

const support::RandomLlama& model() {
  static const support::RandomLlama one({{32, 48, {4, 2, 8}}, 2, 60, 64});
  return one;
}

void load(const std::filesystem::path& path) {
  backend::Reference backend;
  models::CausalLm<backend::Reference>(path, backend);
}
void load_gguf(const std::function<void(GgufParts&)>& change) {
  const support::TemporaryFolder folder;
  GgufParts parts = model().gguf();
  change(parts);
  parts.write(folder.path() / "m.gguf");
  load(folder.path() / "m.gguf");
}
void load_folder(const std::function<void(HuggingFaceParts&)>& change) {
  const support::TemporaryFolder folder;
  HuggingFaceParts parts = model().hugging_face();
  change(parts);
  parts.write(folder.path() / "m");
  load(folder.path() / "m");
}

}  // namespace

TEST_CASE("a model without one of its tensors is refused by name", "[models][file]") {
  CHECK_NOTHROW(load_gguf([](auto&) {}));
  CHECK_NOTHROW(load_folder([](auto&) {}));
  for (const auto& [name, unused] : model().gguf().tensors) {
    CAPTURE(name);
    if (name == "output.weight") {  // GGUF files of models with tied embeddings lack it
      CHECK_NOTHROW(load_gguf([&, &erased = name](auto& parts) { parts.tensors.erase(erased); }));
    } else {
      CHECK_THROWS_WITH(
          load_gguf([&, &erased = name](auto& parts) { parts.tensors.erase(erased); }),
          ContainsSubstring("'" + name + "'"));
    }
  }
  for (const auto& [name, unused] : model().hugging_face().tensors)
    CHECK_THROWS_WITH(
        load_folder([&, &erased = name](auto& parts) { parts.tensors.erase(erased); }),
        ContainsSubstring("'" + name + "'"));
}

TEST_CASE("a tensor of another shape is refused by name and shape", "[models][file]") {
  const auto in_gguf = [](const std::string& name, const std::string& words,
                          std::vector<std::size_t> shape) {
    std::size_t elements = 1;
    for (const std::size_t n : shape) elements *= n;
    CHECK_THROWS_WITH(load_gguf([&](auto& parts) {
                        parts.tensors.at(name) = {shape, std::string(4 * elements, '\0')};
                      }),
                      ContainsSubstring("'" + name + "'") && ContainsSubstring(words));
  };
  in_gguf("blk.1.attn_q.weight", "of shape [32, 32], found [16, 32]", {16, 32});
  in_gguf("blk.0.attn_k.weight", "of shape [16, 32], found [32, 32]", {32, 32});
  in_gguf("blk.0.attn_v.weight", "of shape [16, 32], found [32, 16]", {32, 16});
  in_gguf("blk.1.attn_output.weight", "found [32, 31]", {32, 31});
  in_gguf("blk.1.ffn_down.weight", "of shape [32, 48], found [48, 32]", {48, 32});
  in_gguf("blk.1.ffn_gate.weight", "of shape [48, 32], found [48, 32, 1]", {48, 32, 1});
  in_gguf("blk.1.ffn_norm.weight", "of shape [32], found [33]", {33});
  in_gguf("output_norm.weight", "of shape [32], found [32, 1]", {32, 1});
  in_gguf("token_embd.weight", "of shape [60, 32], found [59, 32]", {59, 32});
  in_gguf("output.weight", "of shape [60, 32], found [61, 32]", {61, 32});
  // Twice the elements are not half of the heads.
  CHECK_THROWS_WITH(
      load_folder([](auto& parts) { parts.config["num_key_value_heads"] = 4; }),
      ContainsSubstring("'model.layers.0.self_attn.k_proj.weight' of shape [32, 32]"));
  CHECK_THROWS_WITH(load_folder([](auto& parts) { parts.config["head_dim"] = 16; }),
                    ContainsSubstring("q_proj.weight' of shape [64, 32], found [32, 32]"));
  CHECK_THROWS_WITH(load_folder([](auto& parts) { parts.config["vocab_size"] = 61; }),
                    ContainsSubstring("'model.embed_tokens.weight' of shape [61, 32]"));
  CHECK_THROWS_WITH(load_folder([](auto& parts) { parts.config["num_hidden_layers"] = 3; }),
                    ContainsSubstring("'model.layers.2."));
}

TEST_CASE("a tensor of a type that we do not read is refused by name and type", "[models][file]") {
  CHECK_THROWS_WITH(
      load_gguf([](auto& parts) { parts.tensors.at("blk.0.ffn_up.weight").gguf_type = 99; }),
      ContainsSubstring("'blk.0.ffn_up.weight'") && ContainsSubstring("type 99"));
  CHECK_THROWS_WITH(load_folder([](auto& parts) {
                      parts.tensors.at("model.layers.1.mlp.up_proj.weight").dtype = "I32";
                    }),
                    ContainsSubstring("up_proj.weight'") && ContainsSubstring("I32"));
}

TEST_CASE("a model that is not there or not whole is refused", "[models][file]") {
  const support::TemporaryFolder folder;
  CHECK_THROWS_WITH(load(folder.path() / "none.gguf"), ContainsSubstring("none.gguf"));
  CHECK_THROWS_WITH(load(folder.path()), ContainsSubstring("config.json"));
  model().hugging_face().write(folder.path() / "m");
  std::filesystem::remove(folder.path() / "m" / "model.safetensors");
  CHECK_THROWS_AS(load(folder.path() / "m"), Error);
  model().gguf().write(folder.path() / "m.gguf");
  const auto size = std::filesystem::file_size(folder.path() / "m.gguf");
  for (const std::uintmax_t part : {size - 1024, size / 2, std::uintmax_t{100}}) {
    std::filesystem::resize_file(folder.path() / "m.gguf", part);
    CHECK_THROWS_AS(load(folder.path() / "m.gguf"), Error);
  }
}

TEST_CASE("weights come with the order of their rows", "[models][file]") {
  const support::TemporaryFolder folder;
  model().gguf().write(folder.path() / "m.gguf");
  model().hugging_face().write(folder.path() / "m");
  const auto gguf = models::LlamaFile::open(folder.path() / "m.gguf");
  const auto hugging_face = models::LlamaFile::open(folder.path() / "m");
  CHECK(gguf.place() == (folder.path() / "m.gguf").string());
  std::vector<float> a(32), b(32);
  const tensor::Weight in_gguf = gguf.heads(gguf.names().query, 1, 4);
  const tensor::Weight in_folder = hugging_face.heads(hugging_face.names().query, 1, 4);
  for (std::size_t r = 0; r < 32; ++r) {
    tensor::dequantize_row(in_gguf, r, a.data());
    tensor::dequantize_row(in_folder, r, b.data());
    CHECK(a == b);
  }
  CHECK(gguf.vector(gguf.names().ffn_norm, 1, 32) ==
        hugging_face.vector(hugging_face.names().ffn_norm, 1, 32));
  CHECK(gguf.embedding().bytes != gguf.head().bytes);
}
