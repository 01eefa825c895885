// Reads the configuration of a BERT from config.json or GGUF.
#pragma once

#include <cstddef>
#include <string>

#include <nlohmann/json.hpp>

#include <painters/error.hpp>
#include <painters/formats/json.hpp>
#include <painters/models/bert_config.hpp>
#include <painters/models/bert_names.hpp>
#include <painters/models/config_values.hpp>
#include <painters/models/gguf_keys.hpp>
#include <painters/models/model_file.hpp>
#include <painters/models/model_sizes.hpp>

namespace painters::models {

namespace detail {

/// Reads how many labels there are, and whether they are values of a regression. As in transformers
/// there are two if the file names none, and a single one means a regression unless "problem_type"
/// says otherwise.
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

inline void read_bert(const formats::JsonObject& json, BertConfig& c) {
  const auto positions = json.find<std::string>("position_embedding_type").value_or("absolute");
  if (positions != "absolute")
    throw Error("expected \"position_embedding_type\" in " + json.place() +
                " to be absolute, found \"" + positions + "\"; such models cannot be run");
  if (json.find<bool>("is_decoder").value_or(false))
    throw Error("expected an encoder in " + json.place() +
                ", found \"is_decoder\": true; such models cannot be run");
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
}

/// Rows of a matrix; a matrix of one row may be stored as a vector. 0 if there is none.
inline std::size_t stored_rows(const ModelFile& file, const char* name) {
  const formats::StoredTensor* tensor = file.find(name);
  return !tensor ? 0 : tensor->shape.size() == 2 ? tensor->shape[0] : 1;
}

/// GGUF leaves some sizes to the tensors. It does not name the activation, either: the models use
/// the exact GELU.
inline void read_bert(const ModelFile& file, const formats::Gguf& gguf, BertConfig& c) {
  const GgufKeys keys(gguf, file.architecture());
  if (keys.find<bool>("attention.causal").value_or(false))
    throw Error("expected an encoder in " + file.place() +
                ", found bert.attention.causal; such models cannot be run");
  c.num_hidden_layers = keys.size("block_count");
  c.hidden_size = keys.size("embedding_length");
  c.intermediate_size = keys.size("feed_forward_length");
  c.num_attention_heads = keys.size("attention.head_count");
  c.max_position_embeddings = keys.size("context_length");
  c.layer_norm_eps = static_cast<double>(keys.get<float>("attention.layer_norm_epsilon"));
  c.vocab_size = stored_rows(file, "token_embd.weight");
  if (c.vocab_size == 0)
    throw Error("expected a tensor 'token_embd.weight' with a row for each token in " +
                file.place() + ", found none; is this a whole model?");
  c.type_vocab_size = stored_rows(file, "token_types.weight");
}

}  // namespace detail

/// The configuration in a file, see BertFamily. The labels of a GGUF file follow from its tensors.
inline BertConfig read_bert_config(const ModelFile& file, const std::string& family) {
  BertConfig c;
  c.model_type = family;
  if (file.gguf())
    detail::read_bert(file, *file.gguf(), c);
  else
    detail::read_bert(*file.config(), c);
  c.num_key_value_heads = c.num_attention_heads;
  c.head_dim = shared_head_dim(c, file.config_place());
  check_sizes(c, family, file.config_place());
  check_norm_eps(c.layer_norm_eps, file.config_place());
  constexpr std::size_t most_types = 1u << 24;
  if (c.type_vocab_size > most_types)
    throw Error("expected type_vocab_size of at most " + std::to_string(most_types) + " in " +
                file.config_place() + ", found " + std::to_string(c.type_vocab_size) +
                "; the configuration is damaged");
  return c;
}

/// For the table in families.hpp.
inline constexpr BertFamily bert_family{&read_bert_config, &gguf_bert_names,
                                        &hugging_face_bert_names};

}  // namespace painters::models
