// The files of a BERT: configuration and weights, the same whether GGUF or safetensors, with any of
// the heads or none.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <painters/models/bert_config.hpp>
#include <painters/models/bert_names.hpp>
#include <painters/models/stored_linear.hpp>
#include <painters/models/stored_norm.hpp>
#include <painters/tensor/weight.hpp>

namespace painters::models {

/// What a model makes of the last states.
enum class BertHeadKind {
  none,        // nothing: an encoder, or a head that we lack
  pooler,      // tanh of a projection of the first token's state
  classifier,  // a projection of that to classes, or to the values of a regression
  masked_lm    // logits over the vocabulary for each token
};

/// Weights point into the memory map and live as long as this object.
class BertFile {
 public:
  /// `path`: see ModelFile::open. Throws Error if a file is missing, contradicts itself, or is not
  /// a BERT.
  explicit BertFile(const std::filesystem::path& path);
  /// The same for an open file.
  explicit BertFile(ModelFile file);

  /// The model's sizes and properties.
  const BertConfig& config() const { return config_; }
  /// What the file's tensors are called.
  const BertNames& names() const { return names_; }
  /// What the model's head is.
  BertHeadKind head() const { return head_; }
  /// Whether there is a pooler, whatever the head.
  bool has_pooler() const { return has_pooler_; }

  /// An embedding of the encoder: [rows, hidden_size].
  tensor::Weight table(const char* name, std::size_t rows) const;
  /// A LayerNorm of the encoder. Old files call its weight gamma and its bias beta.
  StoredNorm norm(const char* name, std::size_t layer = 0) const;
  /// Projections of the encoder with the same shape, stacked.
  StoredLinear linear(const std::vector<const char*>& names, std::size_t layer, std::size_t rows,
                      std::size_t cols) const;
  /// From the pooler to the labels.
  StoredLinear classifier() const;

  ///@{ Parts of a masked-language-model head, which transforms states before comparing them with
  /// the vocabulary. The vocabulary is the word embedding unless the model unties the two.
  StoredLinear transform() const;
  StoredNorm transform_norm() const { return norm_at("cls.predictions.transform.LayerNorm"); }
  bool ties_vocabulary() const;
  tensor::Weight vocabulary() const;
  std::vector<float> vocabulary_bias() const;
  ///@}

 private:
  void read_gguf_heads();

  void read_folder_heads();

  /// What the names of the encoder's tensors begin with.
  std::string find_prefix() const;

  StoredNorm norm_at(const std::string& name) const;

  std::shared_ptr<const ModelFile> file_;
  BertConfig config_;
  BertNames names_{};
  std::string prefix_;
  BertHeadKind head_ = BertHeadKind::none;
  bool has_pooler_ = false;
};

}  // namespace painters::models

#ifndef PAINTERS_COMPILED_ONCE
#include <painters/models/bert_file_reading.hpp>
#endif
