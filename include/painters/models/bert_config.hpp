// The configuration of a BERT (Devlin et al., 2018), from config.json or GGUF.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

#include <nlohmann/json.hpp>

#include <painters/backend/activation.hpp>
#include <painters/error.hpp>
#include <painters/formats/json.hpp>
#include <painters/models/causal_lm_config.hpp>
#include <painters/models/gguf_keys.hpp>

namespace painters::models {

/// The names are those of Hugging Face's config.json.
struct BertConfig {
  std::size_t num_hidden_layers = 0;        // T of the paper
  std::size_t hidden_size = 0;              // columns of a state
  std::size_t intermediate_size = 0;        // of the feed-forward network
  std::size_t num_attention_heads = 0;      // divides hidden_size
  std::size_t vocab_size = 0;               // tokens, rows of the word embedding
  std::size_t type_vocab_size = 0;          // token types; 0: the model has none
  std::size_t max_position_embeddings = 0;  // the longest text that there are positions for
  double layer_norm_eps = 1e-12;            // of every normalisation
  backend::Activation hidden_act = backend::Activation::gelu;  // of the feed-forward network
  std::size_t num_labels = 0;                                  // classes, or values of a regression
  bool is_regression = false;  // whether the labels are values, not classes
};

/// Throws Error unless the numbers make a model; `place` says where they are from.
inline void check(const BertConfig& config, const std::string& place) {
  const auto require = [&](bool holds, const std::string& expected, const std::string& found) {
    if (!holds)
      throw Error("expected " + expected + " in " + place + ", found " + found +
                  "; is this a BERT?");
  };
  const auto size = [&](const char* name, std::size_t value, std::size_t least) {
    require(value >= least && value <= std::size_t{1} << 24,
            std::string(name) + " of " + std::to_string(least) + " to 16777216",
            std::to_string(value));
  };
  size("num_hidden_layers", config.num_hidden_layers, 1);
  size("hidden_size", config.hidden_size, 1);
  size("intermediate_size", config.intermediate_size, 1);
  size("num_attention_heads", config.num_attention_heads, 1);
  size("vocab_size", config.vocab_size, 1);
  size("type_vocab_size", config.type_vocab_size, 0);
  size("max_position_embeddings", config.max_position_embeddings, 1);
  require(config.num_hidden_layers <= std::numeric_limits<std::uint16_t>::max(),
          "at most 65535 layers", std::to_string(config.num_hidden_layers));
  require(
      config.hidden_size % config.num_attention_heads == 0,
      "a hidden_size that is a multiple of the attention heads",
      std::to_string(config.hidden_size) + " and " + std::to_string(config.num_attention_heads));
  require(config.layer_norm_eps > 0 && config.layer_norm_eps < 1,
          "a layer_norm_eps between 0 and 1", std::to_string(config.layer_norm_eps));
}

namespace detail {

/// How many labels there are, and whether they are values: transformers names two where the file
/// names none, and takes a single one for a regression unless "problem_type" says otherwise.
inline void read_labels(const formats::JsonObject& json, BertConfig& c) {
  const auto number = json.find<std::size_t>("num_labels");
  const auto names = json.find<nlohmann::json>("id2label");
  if (names) c.num_labels = json.object("id2label").value().size();
  if (number && names && *number != c.num_labels)
    throw Error("expected as many labels in \"id2label\" as \"num_labels\" says in " +
                json.place() + ", found " + std::to_string(c.num_labels) + " and " +
                std::to_string(*number));
  if (!names) c.num_labels = number.value_or(2);
  const auto problem = json.find<std::string>("problem_type");
  if (problem && *problem != "regression" && *problem != "single_label_classification" &&
      *problem != "multi_label_classification")
    throw Error("expected \"problem_type\" in " + json.place() +
                " to be regression, single_label_classification or multi_label_classification, "
                "found \"" +
                *problem + "\"");
  c.is_regression = problem ? *problem == "regression" : c.num_labels == 1;
}

inline BertConfig read_bert(const formats::JsonObject& json) {
  const auto positions = json.find<std::string>("position_embedding_type").value_or("absolute");
  if (positions != "absolute")
    throw Error("expected \"position_embedding_type\" in " + json.place() +
                " to be absolute, found \"" + positions + "\"; such models cannot be run");
  if (json.find<bool>("is_decoder").value_or(false))
    throw Error("expected an encoder in " + json.place() +
                ", found \"is_decoder\": true; such models cannot be run");
  BertConfig c;
  c.num_hidden_layers = json.get<std::size_t>("num_hidden_layers");
  c.hidden_size = json.get<std::size_t>("hidden_size");
  c.intermediate_size = json.get<std::size_t>("intermediate_size");
  c.num_attention_heads = json.get<std::size_t>("num_attention_heads");
  c.vocab_size = json.get<std::size_t>("vocab_size");
  c.type_vocab_size = json.find<std::size_t>("type_vocab_size").value_or(2);
  c.max_position_embeddings = json.get<std::size_t>("max_position_embeddings");
  c.layer_norm_eps = json.find<double>("layer_norm_eps").value_or(c.layer_norm_eps);
  c.hidden_act =
      activation_named(json.find<std::string>("hidden_act").value_or("gelu"), json.place());
  read_labels(json, c);
  return c;
}

/// Without the sizes that GGUF leaves to the tensors. It does not say which activation either; the
/// models have the exact GELU.
inline BertConfig read_bert(const GgufKeys& keys, const std::string& place) {
  if (keys.find<bool>("attention.causal").value_or(false))
    throw Error("expected an encoder in " + place +
                ", found bert.attention.causal; such models cannot be run");
  BertConfig c;
  c.num_hidden_layers = keys.size("block_count");
  c.hidden_size = keys.size("embedding_length");
  c.intermediate_size = keys.size("feed_forward_length");
  c.num_attention_heads = keys.size("attention.head_count");
  c.max_position_embeddings = keys.size("context_length");
  c.layer_norm_eps = static_cast<double>(keys.get<float>("attention.layer_norm_epsilon"));
  return c;
}

}  // namespace detail

}  // namespace painters::models
