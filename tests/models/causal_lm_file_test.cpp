// Files of causal language models that are damaged, contradict themselves or are of other models.
#include <painters/models/causal_lm_file.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <painters/backend/reference.hpp>
#include <painters/engine/fingerprint.hpp>
#include <painters/models/causal_lm.hpp>

#include "support/catch.hpp"
#include "support/message.hpp"
#include "support/random_causal_lm.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;
using Catch::Matchers::ContainsSubstring;
using support::GgufParts;
using support::HuggingFaceParts;

namespace {

const support::RandomCausalLm& model() {
  static const support::RandomCausalLm one({{32, 48, {4, 2, 8}}, 2, 60, 64});
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

TEST_CASE("a model that is missing or incomplete is refused", "[models][file]") {
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
  const models::CausalLmFile gguf(folder.path() / "m.gguf");
  const models::CausalLmFile hugging_face(folder.path() / "m");
  std::vector<float> a(32), b(32);
  const models::StoredLinear in_gguf = gguf.query_key_value(1);
  const models::StoredLinear in_folder = hugging_face.query_key_value(1);
  REQUIRE(in_gguf.weight.size() == 3);
  for (std::size_t part = 0; part < 3; ++part)
    for (std::size_t r = 0; r < in_gguf.weight[part].rows; ++r) {
      tensor::dequantize_row(in_gguf.weight[part], r, a.data());
      tensor::dequantize_row(in_folder.weight[part], r, b.data());
      CHECK(a == b);
    }
  CHECK(gguf.norm(gguf.names().ffn_norm, 1, 32).weight ==
        hugging_face.norm(hugging_face.names().ffn_norm, 1, 32).weight);
  CHECK(gguf.embedding().bytes != gguf.head().bytes);
}

TEST_CASE("tensors that no calculation uses are ignored", "[models][file]") {
  CHECK_NOTHROW(load_folder([](auto& parts) {
    for (const char* name :
         {"model.layers.0.self_attn.rotary_emb.inv_freq", "model.layers.1.self_attn.attention.bias",
          "model.layers.1.self_attn.attention.masked_bias", "model.rotary_emb.inv_freq"})
      parts.add(name, std::vector<float>(4));
  }));
  CHECK_NOTHROW(load_gguf([](auto& parts) {
    parts.add("blk.0.attn_rot_embd.weight", std::vector<float>(4));  // of old files
  }));
}

TEST_CASE("tensors that the configuration rules out are refused", "[models][file]") {
  const auto denied = [](const std::string& name) {
    CHECK_THROWS_WITH(
        load_folder([&](auto& parts) { parts.add(name, std::vector<float>(32)); }),
        ContainsSubstring("expected no tensor '" + name + "'") && ContainsSubstring("llama model"));
  };
  const std::string at = "model.layers.1.";
  for (const char* part : {"q_proj", "k_proj", "v_proj", "o_proj"})
    denied(at + "self_attn." + part + ".bias");
  for (const char* part : {"gate_proj", "up_proj", "down_proj"})
    denied(at + "mlp." + part + ".bias");
  denied(at + "self_attn.q_norm.weight");
  denied(at + "self_attn.k_norm.weight");
  denied(at + "input_layernorm.bias");
  denied("model.norm.bias");
  denied("lm_head.bias");
  // GGUF has biases in all layers or in none.
  CHECK_THROWS_WITH(
      load_gguf([](auto& parts) { parts.add("blk.1.attn_output.bias", std::vector<float>(32)); }),
      ContainsSubstring("expected no tensor 'blk.1.attn_output.bias'"));
  CHECK_THROWS_WITH(
      load_gguf([](auto& parts) { parts.add("blk.0.attn_output.bias", std::vector<float>(32)); }),
      ContainsSubstring("expected a tensor 'blk.1.attn_output.bias'"));
  CHECK_THROWS_WITH(load_folder([](auto& parts) { parts.config["attention_bias"] = true; }),
                    ContainsSubstring("expected a tensor 'model.layers.0.self_attn.q_proj.bias'"));
  CHECK_THROWS_WITH(load_folder([](auto& parts) { parts.config["num_hidden_layers"] = 1; }),
                    ContainsSubstring("expected 1 layers") &&
                        ContainsSubstring("'model.layers.1.input_layernorm.weight' of one more"));
  CHECK_THROWS_WITH(
      load_gguf([](auto& parts) { parts.metadata["llama.block_count"] = std::uint32_t{1}; }),
      ContainsSubstring("'blk.1.attn_norm.weight' of one more"));
}

TEST_CASE("models of other families are refused by name", "[models][file]") {
  const std::string families = "expected a model of the families llama, mistral, qwen2, qwen3";
  const auto folder = [&](const nlohmann::json& changes, const std::string& found) {
    CHECK_THROWS_WITH(load_folder([&](auto& parts) { parts.config.update(changes); }),
                      ContainsSubstring(families) && ContainsSubstring("config.json") &&
                          ContainsSubstring(", found " + found + "; such models cannot be run"));
  };
  folder({{"model_type", "gemma2"}}, "\"gemma2\"");
  folder({{"model_type", "gptneox"}}, "\"gptneox\"");  // GGUF's spelling
  folder({{"model_type", "t5"}, {"is_encoder_decoder", true}},
         "\"t5\" with an encoder and a decoder");
  folder({{"model_type", "mixtral"}, {"num_local_experts", 8}}, "\"mixtral\" with 8 experts");
  folder({{"model_type", "qwen2_moe"}, {"num_experts", 60}}, "\"qwen2_moe\" with 60 experts");
  folder({{"num_local_experts", 8}}, "\"llama\" with 8 experts");
  const auto gguf = [&](GgufParts parts, const std::string& found) {
    const support::TemporaryFolder at;
    parts.write(at.path() / "m.gguf");
    CHECK_THROWS_WITH(load(at.path() / "m.gguf"),
                      ContainsSubstring(families) && ContainsSubstring("m.gguf") &&
                          ContainsSubstring(", found " + found + "; such models cannot be run"));
  };
  const support::TemporaryFolder place;
  GgufParts parts = model().gguf();
  parts.metadata["llama.expert_count"] = std::uint32_t{8};
  gguf(parts, "\"llama\" with 8 experts");
  for (const char* other : {"gemma", "starcoder", "llama4", ""}) {
    parts.metadata["general.architecture"] = std::string(other);
    gguf(parts, "\"" + std::string(other) + "\"");
  }
  parts.metadata["general.architecture"] = std::string("bert");
  parts.write(place.path() / "m.gguf");
  CHECK_THROWS_WITH(load(place.path() / "m.gguf"),
                    ContainsSubstring("found \"bert\"; open it as a model of that family"));
  parts.metadata["general.architecture"] = std::string("t5");
  parts.metadata["t5.decoder_start_token_id"] = std::uint32_t{0};
  gguf(parts, "\"t5\" with an encoder and a decoder");
  parts = model().gguf();
  parts.metadata["llama.expert_count"] = std::uint32_t{0};  // some files have this key
  CHECK_NOTHROW(load_gguf([&](auto& same) { same = parts; }));
}

TEST_CASE("a family that cannot be run is refused before weights are asked for", "[models][file]") {
  const support::TemporaryFolder folder;
  const auto with_config = [&](const nlohmann::json& config) {
    std::ofstream(folder.path() / "config.json") << config;
    return support::message([&] { load(folder.path()); });
  };
  const std::string t5 = with_config({{"model_type", "t5"}, {"is_encoder_decoder", true}});
  CHECK_THAT(t5, ContainsSubstring("found \"t5\" with an encoder and a decoder; such models"));
  CHECK_THAT(with_config({{"model_type", "gemma2"}}), ContainsSubstring("found \"gemma2\"; such"));
  CHECK_THAT(with_config({{"model_type", "llama"}}),
             ContainsSubstring("fetch the model's weights"));
}

TEST_CASE("quantised folders and adapters say what to use instead", "[models][file]") {
  for (const char* method : {"awq", "gptq", "bitsandbytes"})
    CHECK_THROWS_WITH(
        load_folder([&](auto& parts) {
          parts.config["quantization_config"] = {{"quant_method", method}, {"bits", 4}};
        }),
        ContainsSubstring("F32, F16 or BF16") &&
            ContainsSubstring("method \"" + std::string(method) + "\"") &&
            ContainsSubstring("config.json"));
  CHECK_NOTHROW(load_folder([](auto& parts) { parts.config["quantization_config"] = nullptr; }));
  const support::TemporaryFolder folder;
  folder.write("adapter_config.json", R"({"base_model_name_or_path": "some/model"})");
  CHECK_THROWS_WITH(load(folder.path()),
                    ContainsSubstring("found an adapter (adapter_config.json) for some/model"));
  model().hugging_face().write(folder.path());  // with a whole model beside it, it is ignored
  CHECK_NOTHROW(load(folder.path()));
}

namespace {

std::vector<float> frequencies(const std::function<void(GgufParts&)>& change) {
  const support::TemporaryFolder folder;
  GgufParts parts = model().gguf();
  change(parts);
  parts.write(folder.path() / "m.gguf");
  return models::CausalLmFile(folder.path() / "m.gguf").config().rope.frequencies;
}

}  // namespace

TEST_CASE("rotary embeddings are scaled by all keys that GGUF files have had for it",
          "[models][file]") {
  const auto plain = frequencies([](auto&) {});
  auto scaled = plain;
  for (float& f : scaled) f /= 4;
  const auto with = [&](const std::vector<std::pair<std::string, GgufParts::Value>>& metadata) {
    return frequencies([&](GgufParts& parts) {
      for (const auto& [key, value] : metadata) parts.metadata["llama.rope." + key] = value;
    });
  };
  const std::string linear = "linear", none = "none";
  CHECK(with({{"scaling.type", linear}, {"scaling.factor", 4.0f}}) == scaled);
  CHECK(with({{"scaling.factor", 4.0f}}) == scaled);  // as llama.cpp reads these three
  CHECK(with({{"scale_linear", 4.0f}}) == scaled);
  CHECK(with({{"scaling.factor", 4.0f}, {"scale_linear", 8.0f}}) == scaled);
  CHECK(with({{"scaling.type", linear}}) == plain);
  CHECK(with({{"scaling.type", linear}, {"scaling.factor", 0.0f}}) == plain);
  CHECK(with({{"scaling.type", none}, {"scaling.factor", 4.0f}}) == plain);
}

TEST_CASE("a GGUF key or a layer's tensor that may change the model is refused by name",
          "[models][file]") {
  const auto with = [](const std::string& key, const GgufParts::Value& value) {
    return support::message(
        [&] { load_gguf([&](GgufParts& parts) { parts.metadata[key] = value; }); });
  };
  CHECK_THAT(with("llama.attention.causal", false), ContainsSubstring("'llama.attention.causal'"));
  CHECK_THAT(with("llama.logit_scale", 2.0f), ContainsSubstring("'llama.logit_scale'"));
  CHECK_THAT(with("llama.expert_used_count", 8u), ContainsSubstring("'llama.expert_used_count'"));
  CHECK_THAT(with("llama.attention.value_length", 7u),
             ContainsSubstring("'llama.attention.value_length'"));
  CHECK_THAT(with("llama.never_heard_of", std::string("x")),
             ContainsSubstring("--ignore-unknown llama.never_heard_of"));
  CHECK(with("llama.attention.causal", true).empty());
  CHECK(with("llama.logit_scale", 1.0f).empty());
  CHECK(with("llama.expert_count", 0u).empty());
  CHECK(with("llama.attention.value_length", 8u).empty());
  CHECK(with("general.never_heard_of", std::string("x")).empty());
  CHECK(with("mistral.logit_scale", 2.0f).empty());  // of another architecture

  const auto with_tensor = [](GgufParts& parts) {
    parts.tensors["blk.1.attn_q.scale"] = parts.tensors["blk.1.attn_norm.weight"];
  };
  CHECK_THAT(support::message([&] { load_gguf(with_tensor); }),
             ContainsSubstring("'blk.1.attn_q.scale'"));
  const support::TemporaryFolder folder;
  GgufParts parts = model().gguf();
  with_tensor(parts);
  parts.metadata["llama.never_heard_of"] = 3u;
  parts.write(folder.path() / "m.gguf");
  backend::Reference backend;
  CHECK_NOTHROW(models::CausalLm<backend::Reference>(
      folder.path() / "m.gguf", backend,
      {.ignored = {"blk.1.attn_q.scale", "llama.never_heard_of"}}));
}

TEST_CASE("sizes of layers may be arrays of one number", "[models][file]") {
  CHECK_NOTHROW(load_gguf([](GgufParts& parts) {
    parts.metadata["llama.attention.head_count"] = std::vector<std::int32_t>{4, 4};
    parts.metadata["llama.attention.head_count_kv"] = std::vector<std::int32_t>{2, 2};
    parts.metadata["llama.feed_forward_length"] = std::vector<std::int32_t>{48, 48};
  }));
  CHECK_THAT(support::message([&] {
               load_gguf([](GgufParts& parts) {
                 parts.metadata["llama.attention.head_count_kv"] = std::vector<std::int32_t>{2, 4};
               });
             }),
             ContainsSubstring("the same 'llama.attention.head_count_kv' in all layers"));
}

TEST_CASE("a folder's tensors may have another prefix than its family's", "[models][file]") {
  for (const std::string prefix : {"", "language_model.model.", "transformer."})
    CHECK_NOTHROW(load_folder([&](HuggingFaceParts& parts) {
      auto tensors = parts.tensors;
      parts.tensors.clear();
      for (const auto& [name, tensor] : tensors)
        parts.tensors[name.starts_with("model.") ? prefix + name.substr(6) : name] = tensor;
    }));
}

TEST_CASE("rotary embeddings that differ between kinds of layers are refused", "[models][file]") {
  CHECK_THAT(support::message([] {
               load_folder([](HuggingFaceParts& parts) {
                 parts.config["rope_parameters"] = {
                     {"full_attention", {{"rope_type", "default"}, {"rope_theta", 500000.0}}}};
               });
             }),
             ContainsSubstring("\"rope_parameters\""));
}

TEST_CASE("a GGUF model in several files is opened by any of them", "[models][file]") {
  const support::TemporaryFolder folder;
  const GgufParts parts = model().gguf();
  GgufParts first = parts, second;
  first.metadata["split.count"] = 2u;
  second.metadata = {{"split.count", 2u}, {"split.no", 1u}};
  for (const auto& [name, tensor] : parts.tensors)
    if (name.starts_with("blk.1.")) {
      second.tensors[name] = tensor;
      first.tensors.erase(name);
    }
  const auto path = [&](int part) {
    return folder.path() / ("m-0000" + std::to_string(part) + "-of-00002.gguf");
  };
  first.write(path(1));
  CHECK_THAT(support::message([&] { load(path(1)); }),
             ContainsSubstring("found no m-00002-of-00002.gguf; fetch it"));
  second.write(path(2));
  CHECK_NOTHROW(load(path(1)));
  CHECK_NOTHROW(load(path(2)));
  std::filesystem::copy_file(path(1), folder.path() / "renamed.gguf");
  CHECK_THAT(support::message([&] { load(folder.path() / "renamed.gguf"); }),
             ContainsSubstring("expected a model in 2 files"));
  CHECK(engine::fingerprint(path(1)) == engine::fingerprint(path(2)));
}
