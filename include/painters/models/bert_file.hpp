// The files of a BERT: configuration and weights, the same whether GGUF or safetensors, a
// classifier or the encoder of a sentence encoder.
#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <painters/error.hpp>
#include <painters/layers/norm.hpp>
#include <painters/models/bert_config.hpp>
#include <painters/models/gguf_keys.hpp>
#include <painters/models/model_file.hpp>
#include <painters/models/stored_linear.hpp>
#include <painters/models/stored_norm.hpp>
#include <painters/tensor/weight.hpp>

namespace painters::models {

/// What tensors are called without ".weight" and ".bias", {} for the layer's number.
struct BertNames {
  ///@{ Of the model.
  const char *word, *position, *token_type, *embedding_norm, *pooler;
  ///@}
  ///@{ Of a layer.
  const char *query, *key, *value, *attention_output, *attention_norm, *up, *down, *output_norm;
  ///@}
  const char* classifier;  // the same in files with a prefix
};

/// The names in GGUF files.
inline constexpr BertNames gguf_bert_names{"token_embd",
                                           "position_embd",
                                           "token_types",
                                           "token_embd_norm",
                                           "cls",
                                           "blk.{}.attn_q",
                                           "blk.{}.attn_k",
                                           "blk.{}.attn_v",
                                           "blk.{}.attn_output",
                                           "blk.{}.attn_output_norm",
                                           "blk.{}.ffn_up",
                                           "blk.{}.ffn_down",
                                           "blk.{}.layer_output_norm",
                                           "cls.output"};

/// The names in Hugging Face's safetensors, behind a prefix such as "bert.".
inline constexpr BertNames hugging_face_bert_names{"embeddings.word_embeddings",
                                                   "embeddings.position_embeddings",
                                                   "embeddings.token_type_embeddings",
                                                   "embeddings.LayerNorm",
                                                   "pooler.dense",
                                                   "encoder.layer.{}.attention.self.query",
                                                   "encoder.layer.{}.attention.self.key",
                                                   "encoder.layer.{}.attention.self.value",
                                                   "encoder.layer.{}.attention.output.dense",
                                                   "encoder.layer.{}.attention.output.LayerNorm",
                                                   "encoder.layer.{}.intermediate.dense",
                                                   "encoder.layer.{}.output.dense",
                                                   "encoder.layer.{}.output.LayerNorm",
                                                   "classifier"};

/// What a model makes of the last states.
enum class BertHeadKind {
  none,        // nothing: an encoder, or a head that we lack
  pooler,      // tanh of a projection of the first token's state
  classifier,  // a projection of that to classes, or to the values of a regression
  masked_lm    // logits over the vocabulary for each token
};

/// Whether the file is a BERT.
inline bool is_bert(const ModelFile& file) { return file.architecture() == "bert"; }

/// Weights point into the memory map and live as long as this object.
class BertFile {
 public:
  /// `path`: see ModelFile::open. Throws Error if a file is missing, contradicts itself, or is no
  /// BERT.
  explicit BertFile(const std::filesystem::path& path) : file_(ModelFile::open(path)) {
    file_.check_family(is_bert(file_));
    if (file_.gguf())
      read_gguf();
    else
      read_folder();
    check(config_, file_.place());
  }

  /// The model's sizes and properties.
  const BertConfig& config() const { return config_; }
  /// What the file's tensors are called.
  const BertNames& names() const { return names_; }
  /// What the model's head is.
  BertHeadKind head() const { return head_; }
  /// Whether there is a pooler, whatever the head.
  bool has_pooler() const { return has_pooler_; }

  /// [rows, cols].
  tensor::Weight table(const char* name, std::size_t rows) const {
    return file_.matrix(prefix_ + name + ".weight", rows, config_.hidden_size);
  }
  /// A LayerNorm of the encoder. Old files call its weight gamma and its bias beta.
  StoredNorm norm(const char* name, std::size_t layer = 0) const {
    return norm_at(prefix_ + of_layer(name, layer));
  }
  /// Projections of the encoder with the same shape, stacked.
  StoredLinear linear(const std::vector<const char*>& names, std::size_t layer, std::size_t rows,
                      std::size_t cols) const {
    StoredLinear result;
    for (const char* name : names)
      result.add(file_, prefix_ + of_layer(name, layer), rows, cols, true);
    return result;
  }
  /// From the pooler to the labels.
  StoredLinear classifier() const {
    StoredLinear result;
    result.add(file_, names_.classifier, config_.num_labels, config_.hidden_size, true);
    return result;
  }

  ///@{ Of a masked-language-model head: what it makes of states, then the vocabulary, which is the
  /// word embedding unless the model unties them.
  StoredLinear transform() const {
    StoredLinear result;
    result.add(file_, "cls.predictions.transform.dense", config_.hidden_size, config_.hidden_size,
               true);
    return result;
  }
  StoredNorm transform_norm() const { return norm_at("cls.predictions.transform.LayerNorm"); }
  tensor::Weight vocabulary() const {
    return file_.config()->find<bool>("tie_word_embeddings").value_or(true)
               ? table(names_.word, config_.vocab_size)
               : file_.matrix("cls.predictions.decoder.weight", config_.vocab_size,
                              config_.hidden_size);
  }
  std::vector<float> vocabulary_bias() const {
    return file_.vector("cls.predictions.bias", config_.vocab_size);
  }
  ///@}

 private:
  /// Rows of a matrix; a matrix of one row may be stored as a vector. 0 if there is none.
  std::size_t rows_of(std::string_view name) const {
    const formats::StoredTensor* tensor = file_.find(name);
    return !tensor ? 0 : tensor->shape.size() == 2 ? tensor->shape[0] : 1;
  }

  void read_gguf() {
    const GgufKeys keys(*file_.gguf(), file_.architecture());
    config_ = detail::read_bert(keys, file_.place());
    names_ = gguf_bert_names;
    config_.vocab_size = rows_of("token_embd.weight");
    if (config_.vocab_size == 0)
      throw Error("expected a tensor 'token_embd.weight' with a row for each token in " +
                  file_.place() + ", found none; is this a whole model?");
    config_.type_vocab_size = rows_of("token_types.weight");
    has_pooler_ = rows_of("cls.weight") == config_.hidden_size;
    head_ = has_pooler_ ? BertHeadKind::pooler : BertHeadKind::none;
    const std::size_t labels = rows_of("cls.output.weight");
    if (labels == 0 || !has_pooler_) return;  // converters may leave the pooler out
    head_ = BertHeadKind::classifier;
    config_.num_labels = labels;
    config_.is_regression = labels == 1;
    const auto names = keys.find<std::vector<std::string>>("classifier.output_labels");
    if (names && names->size() != labels)
      throw Error(
          "expected as many labels in bert.classifier.output_labels as cls.output.weight "
          "has rows in " +
          file_.place() + ", found " + std::to_string(names->size()) + " and " +
          std::to_string(labels));
  }

  void read_folder() {
    config_ = detail::read_bert(*file_.config());
    names_ = hugging_face_bert_names;
    prefix_ = find_prefix();
    has_pooler_ = file_.find(prefix_ + "pooler.dense.weight") != nullptr;
    const auto made_for = file_.config()
                              ->find<std::vector<std::string>>("architectures")
                              .value_or(std::vector<std::string>{});
    const auto is_made_for = [&](std::string_view name) {
      return std::ranges::find(made_for, name) != made_for.end();
    };
    const bool has_other_head =
        is_made_for("BertForTokenClassification") || is_made_for("BertForMultipleChoice");
    if (is_made_for("BertForSequenceClassification") ||
        (has_pooler_ && file_.find("classifier.weight") && !has_other_head))
      head_ = BertHeadKind::classifier;
    else if (file_.find("cls.predictions.transform.dense.weight"))
      head_ = BertHeadKind::masked_lm;
    else
      head_ = has_pooler_ ? BertHeadKind::pooler : BertHeadKind::none;
    has_pooler_ = has_pooler_ || head_ == BertHeadKind::classifier;
    if (head_ != BertHeadKind::classifier) config_.num_labels = 0, config_.is_regression = false;
  }

  /// What the names of the encoder's tensors begin with.
  std::string find_prefix() const {
    constexpr std::string_view name = "embeddings.word_embeddings.weight";
    std::optional<std::string> prefix;
    for (const auto& [full, unused] : file_.tensors()) {
      if (!full.ends_with(name)) continue;
      if (prefix)
        throw Error("expected the tensors of one BERT in " + file_.place() + ", found '" + *prefix +
                    std::string(name) + "' and '" + full + "'");
      prefix = full.substr(0, full.size() - name.size());
    }
    return prefix.value_or("");
  }

  StoredNorm norm_at(const std::string& name) const {
    const bool old = !file_.find(name + ".weight") && file_.find(name + ".gamma");
    return {file_.vector(name + (old ? ".gamma" : ".weight"), config_.hidden_size),
            static_cast<float>(config_.layer_norm_eps), layers::NormKind::layer,
            file_.vector(name + (old ? ".beta" : ".bias"), config_.hidden_size)};
  }

  ModelFile file_;
  BertConfig config_;
  BertNames names_{};
  std::string prefix_;
  BertHeadKind head_ = BertHeadKind::none;
  bool has_pooler_ = false;
};

}  // namespace painters::models
