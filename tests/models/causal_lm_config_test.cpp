// The configurations that the families' files give, and the defaults for keys that they lack.
#include <painters/models/causal_lm_file.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/random_causal_lm.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;
using Catch::Matchers::ContainsSubstring;
using models::CausalLmConfig;
using models::CausalLmFile;
using nlohmann::json;

namespace {

const support::RandomCausalLm& model() {
  static const support::RandomCausalLm one({{24, 36, {6, 3, 10}, 12345, 0.25f}, 1, 50, 70});
  return one;
}

CausalLmConfig from_gguf(const std::function<void(support::GgufParts&)>& change = {}) {
  const support::TemporaryFolder folder;
  support::GgufParts parts = model().gguf();
  if (change) change(parts);
  parts.write(folder.path() / "m.gguf");
  return CausalLmFile(folder.path() / "m.gguf").config();
}

/// A folder's configuration; its only tensors are those that change it.
CausalLmConfig from_config(const json& config) {
  const support::TemporaryFolder folder;
  support::HuggingFaceParts parts;
  parts.config = config;
  parts.write(folder.path());
  return CausalLmFile(folder.path()).config();
}
CausalLmConfig from_json(const json& changes = json::object()) {
  json config = model().hugging_face().config;
  for (const auto& [key, value] : changes.items()) config[key] = value;
  return from_config(config);
}
CausalLmConfig from_json_without(const char* key) {
  json config = model().hugging_face().config;
  config.erase(key);
  return from_config(config);
}

/// The keys that every config.json needs.
json least(const char* family) {
  return {{"model_type", family},    {"num_hidden_layers", 3},    {"hidden_size", 256},
          {"intermediate_size", 40}, {"num_attention_heads", 32}, {"vocab_size", 50}};
}
json least(const char* family, const json& more) {
  json config = least(family);
  config.update(more);
  return config;
}

using Windows = std::vector<std::size_t>;

}  // namespace

TEST_CASE("both formats give the same configuration", "[models][config]") {
  for (const CausalLmConfig& config : {from_gguf(), from_json()}) {
    CHECK(config.model_type == "llama");
    CHECK(config.num_hidden_layers == 1);
    CHECK(config.hidden_size == 24);
    CHECK(config.intermediate_size == 36);
    CHECK(config.num_attention_heads == 6);
    CHECK(config.num_key_value_heads == 3);
    CHECK(config.head_dim == 10);  // not hidden_size / heads
    CHECK(config.vocab_size == 50);
    CHECK(config.max_position_embeddings == 70);
    CHECK(config.norm_eps == 0.25);
    CHECK(config.rope.theta == 12345);
    CHECK(config.rope.scaling == "none");
    CHECK(config.rope.columns == 10);
    CHECK_FALSE(config.tie_word_embeddings);
    CHECK(config.sliding_windows.empty());
  }
}

TEST_CASE("keys that config.json lacks take the family's value", "[models][config]") {
  for (const char* family : {"llama", "mistral", "qwen2", "qwen3", "gpt_neox"}) {
    CAPTURE(family);
    const CausalLmConfig c = from_config(least(family));
    CHECK(c.rope.theta == 10000);
    CHECK_FALSE(c.tie_word_embeddings);
  }
  const CausalLmConfig llama = from_config(least("llama"));
  CHECK(llama.num_key_value_heads == 32);
  CHECK(llama.head_dim == 8);
  CHECK(llama.max_position_embeddings == 2048);
  CHECK(llama.norm_eps == 1e-6);
  CHECK_FALSE(llama.attention_bias);
  CHECK_FALSE(llama.output_bias);
  CHECK_FALSE(llama.mlp_bias);
  CHECK(llama.sliding_windows.empty());

  const CausalLmConfig mistral = from_config(least("mistral"));
  CHECK(mistral.num_key_value_heads == 8);
  CHECK(mistral.head_dim == 8);
  CHECK(mistral.max_position_embeddings == 131072);
  CHECK(mistral.norm_eps == 1e-6);
  CHECK(mistral.sliding_windows == Windows{4096, 4096, 4096});

  const CausalLmConfig qwen2 = from_config(least("qwen2"));
  CHECK(qwen2.num_key_value_heads == 32);
  CHECK(qwen2.head_dim == 8);
  CHECK(qwen2.max_position_embeddings == 32768);
  CHECK(qwen2.attention_bias);
  CHECK_FALSE(qwen2.output_bias);
  CHECK_FALSE(qwen2.qk_norm);
  CHECK(qwen2.sliding_windows.empty());

  const CausalLmConfig qwen3 = from_config(least("qwen3"));
  CHECK(qwen3.num_key_value_heads == 32);
  CHECK(qwen3.head_dim == 128);
  CHECK(qwen3.max_position_embeddings == 32768);
  CHECK_FALSE(qwen3.attention_bias);
  CHECK(qwen3.qk_norm);
  CHECK(qwen3.sliding_windows.empty());

  const CausalLmConfig neox = from_config(least("gpt_neox"));
  CHECK(neox.num_key_value_heads == 32);
  CHECK(neox.max_position_embeddings == 2048);
  CHECK(neox.norm_eps == 1e-5);
  CHECK(neox.rope.columns == 2);  // a quarter
  CHECK(neox.attention_bias);
  CHECK(neox.output_bias);
  CHECK(neox.mlp_bias);
  CHECK(neox.hidden_act == backend::Activation::gelu);
  CHECK(neox.arrangement == layers::Arrangement::parallel);
}

TEST_CASE("a size that is null follows from the others", "[models][config]") {
  for (const char* family : {"mistral", "qwen2", "qwen3"}) {
    const CausalLmConfig c =
        from_config(least(family, {{"num_key_value_heads", nullptr}, {"head_dim", nullptr}}));
    CHECK(c.num_key_value_heads == 32);
    CHECK(c.head_dim == 8);
  }
  CHECK(from_config(least("mistral", {{"sliding_window", nullptr}})).sliding_windows.empty());
}

TEST_CASE("keys that a GGUF file lacks follow from those it has", "[models][config]") {
  const CausalLmConfig c = from_gguf([](auto& parts) {
    for (const char* key :
         {"llama.attention.head_count_kv", "llama.attention.key_length",
          "llama.rope.dimension_count", "llama.vocab_size", "llama.rope.freq_base"})
      parts.metadata.erase(key);
    parts.tensors["token_embd.weight"].shape = {48, 24};
    parts.tensors["token_embd.weight"].bytes.resize(48 * 24 * 4);
    parts.tensors.erase("output.weight");
    parts.metadata["llama.rope.scaling.type"] = std::string("none");
  });
  CHECK(c.num_key_value_heads == 6);
  CHECK(c.head_dim == 4);
  CHECK(c.vocab_size == 48);
  CHECK(c.rope.theta == 10000);
  CHECK(c.rope.scaling == "none");
  CHECK(c.tie_word_embeddings);
}

TEST_CASE("rotary embedding is read in either spelling", "[models][config]") {
  const std::vector<float> plain = layers::rotary_frequencies(10, 777);
  const CausalLmConfig newer =
      from_json({{"rope_parameters", {{"rope_type", "default"}, {"rope_theta", 777}}}});
  CHECK(newer.rope.theta == 777);
  CHECK(newer.rope.frequencies == plain);
  CHECK(from_json_without("rope_theta").rope.theta == 10000);

  for (const char* name : {"type", "rope_type"}) {
    const CausalLmConfig c =
        from_json({{"rope_theta", 777}, {"rope_scaling", {{name, "linear"}, {"factor", 4}}}});
    CHECK(c.rope.scaling == "linear");
    for (std::size_t i = 0; i < 5; ++i) CHECK(c.rope.frequencies[i] == plain[i] / 4);
  }
  const CausalLmConfig neox = from_config(
      least("gpt_neox", {{"rotary_pct", 0.5}, {"rotary_emb_base", 500}, {"head_dim", 8}}));
  CHECK(neox.rope.columns == 4);
  CHECK(neox.rope.theta == 500);
  const json both = {{"rope_theta", 500}, {"partial_rotary_factor", 0.5}};
  CHECK(from_config(least("gpt_neox", {{"rope_parameters", both}})).rope.frequencies ==
        neox.rope.frequencies);
  // Both keys may be there if they agree.
  CHECK(from_config(least("gpt_neox", {{"rope_parameters", both}, {"rotary_pct", 0.5}}))
            .rope.frequencies == neox.rope.frequencies);
}

TEST_CASE("windows are where config.json puts them", "[models][config]") {
  const auto windows = [](const char* family, const json& more) {
    return from_config(least(family, more)).sliding_windows;
  };
  const json types = {"full_attention", "sliding_attention", "full_attention"};
  CHECK(windows("mistral", {{"sliding_window", 7}}) == Windows{7, 7, 7});
  CHECK(windows("mistral", {{"sliding_window", 7}, {"layer_types", types}}) == Windows{0, 7, 0});
  CHECK(windows("llama", {{"sliding_window", 7}}).empty());  // as in Hugging Face's code
  for (const char* family : {"qwen2", "qwen3"}) {
    CHECK(windows(family, {{"sliding_window", 7}}).empty());
    const json on = {{"use_sliding_window", true}, {"sliding_window", 7}};
    const auto with = [&](const json& more) {
      json all = on;
      all.update(more);
      return windows(family, all);
    };
    CHECK(with(json::object()) == Windows{0, 0, 0});  // max_window_layers is 28
    CHECK(with({{"max_window_layers", 0}}) == Windows{7, 7, 7});
    CHECK(with({{"max_window_layers", 2}}) == Windows{0, 0, 7});
    CHECK(with({{"layer_types", types}, {"max_window_layers", 0}}) == Windows{0, 7, 0});
    CHECK(windows(family, {{"use_sliding_window", true}, {"max_window_layers", 2}}) ==
          Windows{0, 0, 4096});
  }
  const auto refused = [&](const char* family, const json& more, const std::string& words) {
    CAPTURE(more.dump());
    CHECK_THROWS_WITH(windows(family, more),
                      ContainsSubstring(words) && ContainsSubstring("config.json"));
  };
  refused("mistral", {{"sliding_window", 0}}, "at least 1, or null for none, found 0");
  refused("mistral", {{"sliding_window", -1}}, "sliding_window");
  refused("qwen3", {{"layer_types", {"full_attention"}}}, "of 3 layers");
  refused("qwen2", {{"layer_types", types}}, "found none; the configuration contradicts itself");
  refused("mistral", {{"sliding_window", nullptr}, {"layer_types", types}}, "found none");
  refused("qwen3", {{"layer_types", {"full_attention", "linear_attention", "full_attention"}}},
          "found \"linear_attention\"");
}

TEST_CASE("a GGUF file that describes no model is refused with the reason", "[models][config]") {
  const auto says = [](const std::string& key, support::GgufParts::Value value,
                       const std::string& words) {
    CAPTURE(key);
    CHECK_THROWS_WITH(from_gguf([&](auto& parts) { parts.metadata[key] = value; }),
                      ContainsSubstring(words) && ContainsSubstring("m.gguf"));
  };
  const auto number = [](std::uint32_t n) { return support::GgufParts::Value(n); };
  says("llama.block_count", number(0), "num_hidden_layers of 1 to 65535");
  says("llama.block_count", number(70000), "num_hidden_layers of 1 to 65535");
  says("llama.embedding_length", number(1u << 31), "hidden_size");
  says("llama.feed_forward_length", number(0), "intermediate_size");
  says("llama.attention.head_count", number(0), "num_attention_heads");
  says("llama.attention.head_count_kv", number(0), "num_key_value_heads");
  says("llama.attention.head_count_kv", number(4), "found 6 and 4");
  says("llama.vocab_size", number(0), "vocab_size");
  says("llama.context_length", number(0), "max_position_embeddings");
  says("llama.attention.layer_norm_rms_epsilon", 0.0f, "norm eps");
  says("llama.attention.layer_norm_rms_epsilon", std::numeric_limits<float>::quiet_NaN(),
       "norm eps");
  says("llama.rope.freq_base", 0.0f, "rope_theta");
  says("llama.rope.dimension_count", number(8), "whole heads (10 columns)");
  says("llama.rope.dimension_count", number(1u << 31), "at most head_dim (10)");
  says("llama.rope.dimension_count", number(9), "an even number of columns");
  says("llama.rope.scaling.type", std::string("yarn"), "found \"yarn\"");
  says("llama.block_count", std::string("four"), "llama.block_count");
  CHECK_THROWS_WITH(from_gguf([](auto& parts) {
                      parts.metadata["llama.rope.scaling.type"] = std::string("linear");
                      parts.metadata["llama.rope.scaling.factor"] = -2.0f;
                    }),
                    ContainsSubstring("positive factor"));
  CHECK_THROWS_WITH(
      from_gguf([](auto& parts) { parts.add("rope_freqs.weight", std::vector<float>(4, 1)); }),
      ContainsSubstring("'rope_freqs.weight' of shape [5], found [4]"));
  CHECK_THROWS_WITH(
      from_gguf([](auto& parts) { parts.add("rope_freqs.weight", std::vector<float>(5, 0)); }),
      ContainsSubstring("positive divisors"));
  CHECK_THROWS_WITH(from_gguf([](auto& parts) {
                      parts.metadata["llama.attention.head_count"] = std::uint32_t{5};
                      parts.metadata["llama.attention.head_count_kv"] = std::uint32_t{5};
                      parts.metadata.erase("llama.attention.key_length");
                    }),
                    ContainsSubstring("hidden_size 24 and 5 heads"));
  for (const char* key : {"general.architecture", "llama.block_count", "llama.embedding_length",
                          "llama.feed_forward_length", "llama.attention.head_count",
                          "llama.context_length", "llama.attention.layer_norm_rms_epsilon"})
    CHECK_THROWS_WITH(from_gguf([&](auto& parts) { parts.metadata.erase(key); }),
                      ContainsSubstring(key));
}

TEST_CASE("a config.json that describes no model is refused with the reason", "[models][config]") {
  const auto says = [](const json& changes, const std::string& words) {
    CAPTURE(changes.dump());
    CHECK_THROWS_WITH(from_json(changes),
                      ContainsSubstring(words) && ContainsSubstring("config.json"));
  };
  says({{"num_hidden_layers", 0}}, "num_hidden_layers");
  says({{"num_hidden_layers", 65536}}, "num_hidden_layers of 1 to 65535");
  says({{"num_hidden_layers", -1}}, "num_hidden_layers");
  says({{"num_hidden_layers", 1.5}}, "num_hidden_layers");
  says({{"hidden_size", "24"}}, "hidden_size");
  says({{"hidden_size", std::uint64_t{1} << 40}}, "hidden_size");
  says({{"num_attention_heads", 0}, {"head_dim", nullptr}}, "num_attention_heads");
  says({{"num_attention_heads", 5}, {"num_key_value_heads", 5}, {"head_dim", nullptr}},
       "hidden_size 24 and 5 heads");  // not rounded down
  says({{"num_key_value_heads", 4}}, "found 6 and 4");
  says({{"num_key_value_heads", 0}}, "num_key_value_heads of 1");
  says({{"head_dim", 7}}, "an even number of columns");
  says({{"head_dim", 0}}, "head_dim of 1");
  says({{"head_dim", std::uint64_t{1} << 60}}, "head_dim of 1 to 65536");
  says({{"rms_norm_eps", 0}}, "norm eps");
  says({{"rms_norm_eps", 1}}, "norm eps");
  says({{"rope_theta", -10000}}, "rope_theta");
  says({{"rope_scaling", {{"type", "linear"}}}}, "factor");
  says({{"rope_scaling", {{"type", "linear"}, {"factor", -2}}}}, "positive factor");
  says({{"rope_scaling", {{"type", "dynamic"}, {"factor", 2}}}}, "found \"dynamic\"");
  says({{"rope_parameters", {{"rope_type", "yarn"}, {"factor", 2}}}}, "found \"yarn\"");
  const json llama3 = {{"rope_type", "llama3"},
                       {"factor", 8},
                       {"low_freq_factor", 1},
                       {"high_freq_factor", 4},
                       {"original_max_position_embeddings", 8192}};
  CHECK(from_json({{"rope_scaling", llama3}}).rope.scaling == "llama3");
  for (const auto& [key, unused] : llama3.items()) {
    json less = llama3;
    if (key == "rope_type") continue;
    less.erase(key);
    says({{"rope_scaling", less}}, key);
    less[key] = -1;
    says({{"rope_scaling", less}}, "positive factors");
  }
  says({{"partial_rotary_factor", 0.4}}, "whole heads (10 columns)");
  says({{"partial_rotary_factor", 1.5}}, "a part between 0 and 1");
  says({{"hidden_act", "gelu_10"}}, "found \"gelu_10\"");
  for (const char* key : {"model_type", "num_hidden_layers", "hidden_size", "intermediate_size",
                          "num_attention_heads", "vocab_size"})
    CHECK_THROWS_WITH(from_json_without(key), ContainsSubstring(key));
  CHECK_THROWS_WITH(from_config(least("gpt_neox", {{"num_key_value_heads", 8}})),
                    ContainsSubstring("as many key-value heads as heads (32)"));
}
