#include <painters/models/llama_config.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/random_llama.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;
using Catch::Matchers::ContainsSubstring;
using models::LlamaConfig;
using models::read_llama_config;

namespace {

const support::RandomLlama& model() {
  static const support::RandomLlama one({{24, 36, {6, 3, 10}, 12345, 0.25f}, 1, 50, 70});
  return one;
}

LlamaConfig from_gguf(const std::function<void(support::GgufParts&)>& change = {},
                      std::size_t embeddings = 50) {
  const support::TemporaryFolder folder;
  support::GgufParts parts = model().gguf();
  if (change) change(parts);
  parts.write(folder.path() / "m.gguf");
  return read_llama_config(formats::Gguf::open(folder.path() / "m.gguf"), embeddings);
}

LlamaConfig from_json(const nlohmann::json& changes = nlohmann::json::object()) {
  nlohmann::json config = model().hugging_face().config;
  for (const auto& [key, value] : changes.items()) config[key] = value;
  return read_llama_config(formats::JsonObject(config, "config.json"));
}
LlamaConfig from_json_without(const char* key) {
  nlohmann::json config = model().hugging_face().config;
  config.erase(key);
  return read_llama_config(formats::JsonObject(config, "config.json"));
}

void set(support::GgufParts& parts, const std::string& key, support::GgufParts::Value value) {
  parts.metadata[key] = std::move(value);
}

}  // namespace

TEST_CASE("both formats say the same configuration", "[models][config]") {
  for (const LlamaConfig& config : {from_gguf(), from_json()}) {
    CHECK(config.num_hidden_layers == 1);
    CHECK(config.hidden_size == 24);
    CHECK(config.intermediate_size == 36);
    CHECK(config.num_attention_heads == 6);
    CHECK(config.num_key_value_heads == 3);
    CHECK(config.head_dim == 10);  // not hidden_size / heads
    CHECK(config.vocab_size == 50);
    CHECK(config.max_position_embeddings == 70);
    CHECK(config.rms_norm_eps == 0.25);
    CHECK(config.rope_theta == 12345);
  }
}

TEST_CASE("what a configuration leaves unsaid has the value of the model's papers",
          "[models][config]") {
  const LlamaConfig gguf = from_gguf(
      [](auto& parts) {
        for (const char* key :
             {"llama.attention.head_count_kv", "llama.attention.key_length",
              "llama.rope.dimension_count", "llama.vocab_size", "llama.rope.freq_base"})
          parts.metadata.erase(key);
      },
      48);
  CHECK(gguf.num_key_value_heads == 6);
  CHECK(gguf.head_dim == 4);
  CHECK(gguf.vocab_size == 48);
  CHECK(gguf.rope_theta == 10000);

  CHECK(from_json_without("num_key_value_heads").num_key_value_heads == 6);
  CHECK(from_json_without("head_dim").head_dim == 4);
  CHECK(from_json({{"head_dim", nullptr}}).head_dim == 4);
  CHECK(from_json_without("rope_theta").rope_theta == 10000);
  CHECK(from_json_without("rms_norm_eps").rms_norm_eps == 1e-6);
  CHECK(from_json_without("max_position_embeddings").max_position_embeddings == 2048);
  CHECK(from_json({{"rope_parameters", {{"rope_type", "default"}, {"rope_theta", 777}}}})
            .rope_theta == 777);
  const LlamaConfig unscaled =
      from_gguf([](auto& p) { set(p, "llama.rope.scaling.type", std::string("none")); });
  CHECK(unscaled.rope_theta == 12345);
}

TEST_CASE("a GGUF file of another model is refused with the reason", "[models][config]") {
  const auto says = [](const std::string& key, support::GgufParts::Value value,
                       const std::string& words) {
    CAPTURE(key);
    CHECK_THROWS_WITH(from_gguf([&](auto& parts) { set(parts, key, value); }),
                      ContainsSubstring(words) && ContainsSubstring("m.gguf"));
  };
  const auto number = [](std::uint32_t n) { return support::GgufParts::Value(n); };
  says("general.architecture", std::string("qwen2"), "architecture 'llama'");
  says("general.architecture", std::string("qwen2"), "found 'qwen2'");
  says("llama.block_count", number(0), "num_hidden_layers of 1 to 16777216");
  says("llama.block_count", number(70000), "at most 65535 layers");
  says("llama.embedding_length", number(1u << 31), "hidden_size");
  says("llama.feed_forward_length", number(0), "intermediate_size");
  says("llama.attention.head_count", number(0), "num_attention_heads");
  says("llama.attention.head_count_kv", number(0), "num_key_value_heads");
  says("llama.attention.head_count_kv", number(4), "found 6 and 4");
  says("llama.vocab_size", number(0), "vocab_size");
  says("llama.context_length", number(0), "max_position_embeddings");
  says("llama.attention.layer_norm_rms_epsilon", 0.0f, "rms_norm_eps");
  says("llama.attention.layer_norm_rms_epsilon", std::numeric_limits<float>::quiet_NaN(),
       "rms_norm_eps");
  says("llama.rope.freq_base", 0.0f, "rope_theta");
  says("llama.rope.dimension_count", number(8), "partial rotary embedding");
  says("llama.rope.scaling.type", std::string("linear"), "scaled rotary embedding");
  says("llama.block_count", std::string("four"), "llama.block_count");
  CHECK_THROWS_WITH(from_gguf([](auto& parts) {
                      set(parts, "llama.attention.key_length", std::uint32_t{9});
                      set(parts, "llama.rope.dimension_count", std::uint32_t{9});
                    }),
                    ContainsSubstring("even head_dim") && ContainsSubstring("found 9"));
  CHECK_THROWS_WITH(from_gguf([](auto& parts) {
                      parts.tensors["rope_freqs.weight"] = {{5}, std::string(20, 0)};
                    }),
                    ContainsSubstring("scaled rotary embedding"));
  for (const char* key : {"general.architecture", "llama.block_count", "llama.embedding_length",
                          "llama.feed_forward_length", "llama.attention.head_count",
                          "llama.context_length", "llama.attention.layer_norm_rms_epsilon"})
    CHECK_THROWS_WITH(from_gguf([&](auto& parts) { parts.metadata.erase(key); }),
                      ContainsSubstring(key));
}

TEST_CASE("a config.json of another model is refused with the reason", "[models][config]") {
  const auto says = [](const nlohmann::json& changes, const std::string& words) {
    CAPTURE(changes.dump());
    CHECK_THROWS_WITH(from_json(changes),
                      ContainsSubstring(words) && ContainsSubstring("config.json"));
  };
  says({{"model_type", "mistral"}}, "found \"mistral\"");
  says({{"num_hidden_layers", 0}}, "num_hidden_layers");
  says({{"num_hidden_layers", 65536}}, "at most 65535 layers");
  says({{"num_hidden_layers", -1}}, "num_hidden_layers");
  says({{"hidden_size", "24"}}, "hidden_size");
  says({{"hidden_size", std::uint64_t{1} << 40}}, "hidden_size");
  says({{"num_attention_heads", 0}, {"head_dim", nullptr}}, "num_attention_heads");
  says({{"num_key_value_heads", 4}}, "found 6 and 4");
  says({{"head_dim", 7}}, "even head_dim");
  says({{"head_dim", 0}}, "head_dim");
  says({{"rms_norm_eps", 0}}, "rms_norm_eps");
  says({{"rms_norm_eps", 1}}, "rms_norm_eps");
  says({{"rope_theta", -10000}}, "rope_theta");
  says({{"rope_scaling", {{"type", "linear"}, {"factor", 2}}}}, "scaled rotary embedding");
  says({{"rope_parameters", {{"rope_type", "llama3"}}}}, "scaled rotary embedding");
  says({{"attention_bias", true}}, "biases");
  says({{"mlp_bias", true}}, "biases");
  says({{"hidden_act", "gelu"}}, "activation");
  for (const char* key : {"model_type", "num_hidden_layers", "hidden_size", "intermediate_size",
                          "num_attention_heads", "vocab_size"})
    CHECK_THROWS_WITH(from_json_without(key), ContainsSubstring(key));
}
