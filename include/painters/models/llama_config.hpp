// The configuration of a Llama model, from GGUF metadata or a Hugging Face config.json.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

#include <painters/error.hpp>
#include <painters/formats/gguf.hpp>
#include <painters/formats/json.hpp>

namespace painters::models {

/// The names are those of Hugging Face's config.json.
struct LlamaConfig {
  std::size_t num_hidden_layers = 0;        // T of the paper
  std::size_t hidden_size = 0;              // columns of a state
  std::size_t intermediate_size = 0;        // of the feed-forward network
  std::size_t num_attention_heads = 0;      // of queries
  std::size_t num_key_value_heads = 0;      // divides num_attention_heads
  std::size_t head_dim = 0;                 // columns of a head
  std::size_t vocab_size = 0;               // tokens, rows of the embedding
  std::size_t max_position_embeddings = 0;  // the longest text that the model was made for
  double rms_norm_eps = 1e-5;               // of every normalisation
  double rope_theta = 10000;                // base of the rotary embedding
};

namespace detail {

/// Throws Error unless the numbers make a model; `place` says where they are from.
inline LlamaConfig checked(const LlamaConfig& config, const std::string& place) {
  const auto require = [&](bool holds, const std::string& expected, const std::string& found) {
    if (!holds)
      throw Error("expected " + expected + " in " + place + ", found " + found +
                  "; is this a Llama model?");
  };
  const auto size = [&](const char* name, std::size_t value) {
    require(value >= 1 && value <= std::size_t{1} << 24, std::string(name) + " of 1 to 16777216",
            std::to_string(value));
  };
  size("num_hidden_layers", config.num_hidden_layers);
  size("hidden_size", config.hidden_size);
  size("intermediate_size", config.intermediate_size);
  size("num_attention_heads", config.num_attention_heads);
  size("num_key_value_heads", config.num_key_value_heads);
  size("head_dim", config.head_dim);
  size("vocab_size", config.vocab_size);
  size("max_position_embeddings", config.max_position_embeddings);
  require(config.num_hidden_layers <= std::numeric_limits<std::uint16_t>::max(),
          "at most 65535 layers", std::to_string(config.num_hidden_layers));
  require(config.num_attention_heads % config.num_key_value_heads == 0,
          "attention heads that are a multiple of the key-value heads",
          std::to_string(config.num_attention_heads) + " and " +
              std::to_string(config.num_key_value_heads));
  require(config.head_dim % 2 == 0, "an even head_dim for rotary embedding",
          std::to_string(config.head_dim));
  require(config.rms_norm_eps > 0 && config.rms_norm_eps < 1, "an rms_norm_eps between 0 and 1",
          std::to_string(config.rms_norm_eps));
  require(config.rope_theta >= 1, "a rope_theta of at least 1", std::to_string(config.rope_theta));
  return config;
}

/// Throws Error for a property that the model would need and this implementation lacks.
inline void refuse(bool found, const std::string& what, const std::string& place) {
  if (found)
    throw Error("expected a Llama model without " + what + ", found it in " + place +
                "; such models cannot be run");
}

}  // namespace detail

/// Throws Error if the file is of another architecture or its numbers contradict each other.
/// `embeddings`: the rows of the token embeddings, which the metadata may leave unsaid.
inline LlamaConfig read_llama_config(const formats::Gguf& file, std::size_t embeddings) {
  const std::string place = file.path().string();
  const auto architecture = file.metadata<std::string>("general.architecture");
  if (architecture != "llama")
    throw Error("expected a model of architecture 'llama' in " + place + ", found '" +
                architecture + "'; use such a model");
  const auto size = [&](const char* key) -> std::size_t {
    return file.metadata<std::uint32_t>(key);
  };
  LlamaConfig config;
  config.num_hidden_layers = size("llama.block_count");
  config.hidden_size = size("llama.embedding_length");
  config.intermediate_size = size("llama.feed_forward_length");
  config.num_attention_heads = size("llama.attention.head_count");
  config.num_key_value_heads =
      file.find_metadata<std::uint32_t>("llama.attention.head_count_kv")
          .value_or(static_cast<std::uint32_t>(config.num_attention_heads));
  config.vocab_size = file.find_metadata<std::uint32_t>("llama.vocab_size")
                          .value_or(static_cast<std::uint32_t>(embeddings));
  config.max_position_embeddings = size("llama.context_length");
  config.rms_norm_eps = file.metadata<float>("llama.attention.layer_norm_rms_epsilon");
  config.rope_theta = file.find_metadata<float>("llama.rope.freq_base").value_or(10000.0f);
  const std::size_t heads = config.num_attention_heads;
  config.head_dim =
      file.find_metadata<std::uint32_t>("llama.attention.key_length")
          .value_or(static_cast<std::uint32_t>(heads == 0 ? 0 : config.hidden_size / heads));
  const auto rotated = file.find_metadata<std::uint32_t>("llama.rope.dimension_count");
  detail::refuse(rotated && *rotated != config.head_dim, "partial rotary embedding", place);
  const auto scaling = file.find_metadata<std::string>("llama.rope.scaling.type");
  detail::refuse((scaling && *scaling != "none") || file.find_tensor("rope_freqs.weight"),
                 "scaled rotary embedding", place);
  return detail::checked(config, place);
}

/// `json`: a config.json. Throws Error as above.
inline LlamaConfig read_llama_config(const formats::JsonObject& json) {
  const std::string& place = json.place();
  const auto type = json.get<std::string>("model_type");
  if (type != "llama")
    throw Error("expected \"model_type\" \"llama\" in " + place + ", found \"" + type +
                "\"; use such a model");
  LlamaConfig config;
  config.num_hidden_layers = json.get<std::size_t>("num_hidden_layers");
  config.hidden_size = json.get<std::size_t>("hidden_size");
  config.intermediate_size = json.get<std::size_t>("intermediate_size");
  config.num_attention_heads = json.get<std::size_t>("num_attention_heads");
  config.num_key_value_heads =
      json.find<std::size_t>("num_key_value_heads").value_or(config.num_attention_heads);
  config.vocab_size = json.get<std::size_t>("vocab_size");
  config.max_position_embeddings = json.find<std::size_t>("max_position_embeddings").value_or(2048);
  config.rms_norm_eps = json.find<double>("rms_norm_eps").value_or(1e-6);
  config.rope_theta = json.find<double>("rope_theta").value_or(10000);
  const std::size_t heads = config.num_attention_heads;
  config.head_dim =
      json.find<std::size_t>("head_dim").value_or(heads == 0 ? 0 : config.hidden_size / heads);
  if (json.find<nlohmann::json>("rope_parameters")) {  // where transformers 5 has them
    const formats::JsonObject rope = json.object("rope_parameters");
    config.rope_theta = rope.find<double>("rope_theta").value_or(config.rope_theta);
    detail::refuse(rope.find<std::string>("rope_type").value_or("default") != "default",
                   "scaled rotary embedding", place);
  }
  detail::refuse(json.find<nlohmann::json>("rope_scaling").has_value(), "scaled rotary embedding",
                 place);
  detail::refuse(json.find<bool>("attention_bias").value_or(false) ||
                     json.find<bool>("mlp_bias").value_or(false),
                 "biases", place);
  detail::refuse(json.find<std::string>("hidden_act").value_or("silu") != "silu",
                 "an activation other than silu", place);
  return detail::checked(config, place);
}

}  // namespace painters::models
