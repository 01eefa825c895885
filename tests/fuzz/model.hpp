// The questions that the fuzzers of configurations ask a model's file.
#pragma once

#include <filesystem>
#include <utility>

#include <painters/models/bert_file.hpp>
#include <painters/models/causal_lm_file.hpp>
#include <painters/models/families.hpp>
#include <painters/models/file_shape.hpp>
#include <painters/models/model_file.hpp>
#include <painters/models/model_shape.hpp>
#include <painters/models/tensor_groups.hpp>

namespace fuzz {

/// Asks for the weights of the vocabulary and of the first layer, whatever the family, and for what
/// painters info and painters plan print.
inline void use_model(const std::filesystem::path& path) {
  using namespace painters::models;
  ModelFile opened = ModelFile::open(path);
  if (kind_of(opened) == ModelKind::encoder) {
    const BertFile file(std::move(opened));
    const BertConfig& c = file.config();
    const BertNames& names = file.names();
    file.table(names.word, c.vocab_size);
    file.table(names.position, c.max_position_embeddings);
    file.norm(names.embedding_norm);
    file.linear({names.query, names.key, names.value}, 0, c.hidden_size, c.hidden_size);
    if (file.head() == BertHeadKind::classifier) file.classifier();
    if (file.head() == BertHeadKind::masked_lm) file.vocabulary();
  } else {
    const CausalLmFile file(std::move(opened));
    const CausalLmConfig& c = file.config();
    file.embedding();
    file.head();
    file.norm(file.names().attention_norm, 0, c.hidden_size);
    file.linear({file.names().down}, 0, c.hidden_size, c.intermediate_size, c.mlp_bias);
    file.query_key_value(0);
  }
  tensor_groups(ModelFile::open(path).tensors());
  parameters(layer_shapes(ModelFile::open(path)).front());
}

}  // namespace fuzz
