// The configuration of a BERT (Devlin et al., 2018); read_bert_config.hpp reads it.
#pragma once

#include <cstddef>
#include <string>

#include <painters/backend/activation.hpp>
#include <painters/models/bert_names.hpp>
#include <painters/models/model_sizes.hpp>

namespace painters::models {

/// The names are those of Hugging Face's config.json where it has them. Keys and values have as
/// many heads as queries.
struct BertConfig : ModelSizes {
  std::string model_type;                                      // the family: "bert"
  std::size_t type_vocab_size = 0;                             // token types; 0: the model has none
  double layer_norm_eps = 1e-12;                               // of every normalisation
  backend::Activation hidden_act = backend::Activation::gelu;  // of the feed-forward network
  std::size_t num_labels = 0;                                  // classes, or values of a regression
  bool is_regression = false;  // whether the labels are values, not classes
};

class ModelFile;

/// How the files of a family of encoders are read: what its header gives to the table in
/// families.hpp.
struct BertFamily {
  /// The configuration, whose model_type is `family`, the name in the table. Throws Error if
  /// something is missing or is not as the family has it.
  BertConfig (*read_config)(const ModelFile& file, const std::string& family);
  const BertNames* gguf_names;          // in GGUF files
  const BertNames* hugging_face_names;  // in safetensors
};

}  // namespace painters::models
