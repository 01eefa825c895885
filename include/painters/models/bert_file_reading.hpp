// How bert_file.hpp reads the files.
#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <painters/compiled_once.hpp>
#include <painters/error.hpp>
#include <painters/layers/norm.hpp>
#include <painters/models/bert_config.hpp>
#include <painters/models/bert_file.hpp>
#include <painters/models/families.hpp>
#include <painters/models/gguf_keys.hpp>
#include <painters/models/model_file.hpp>
#include <painters/models/read_bert_config.hpp>
#include <painters/models/read_linear.hpp>
#include <painters/models/stored_linear.hpp>
#include <painters/models/stored_norm.hpp>
#include <painters/tensor/weight.hpp>

namespace painters::models {

PAINTERS_INLINE BertFile::BertFile(const std::filesystem::path& path)
    : BertFile(ModelFile::open(path)) {}

PAINTERS_INLINE BertFile::BertFile(ModelFile file)
    : file_(std::make_shared<const ModelFile>(std::move(file))) {
  const auto& [family, name] = family_as<BertFamily>(*file_, "an encoder");
  file_->tensors();  // throws where there are none
  config_ = family.read_config(*file_, name);
  if (file_->gguf()) {
    names_ = *family.gguf_names;
    read_gguf_heads();
  } else {
    names_ = *family.hugging_face_names;
    read_folder_heads();
  }
  if (constexpr std::size_t most = 1u << 24; config_.num_labels > most)
    throw Error("expected at most " + std::to_string(most) + " labels in " + file_->place() +
                ", found " + std::to_string(config_.num_labels) + "; the file is damaged");
}

PAINTERS_INLINE tensor::Weight BertFile::table(const char* name, std::size_t rows) const {
  return file_->matrix(prefix_ + of_layer(name, 0) + ".weight", rows, config_.hidden_size);
}

PAINTERS_INLINE StoredNorm BertFile::norm(const char* name, std::size_t layer) const {
  return norm_at(prefix_ + of_layer(name, layer));
}

PAINTERS_INLINE StoredLinear BertFile::linear(const std::vector<const char*>& names,
                                              std::size_t layer, std::size_t rows,
                                              std::size_t cols) const {
  StoredLinear result;
  for (const char* name : names)
    add_linear(result, *file_, prefix_ + of_layer(name, layer), rows, cols, true);
  return result;
}

PAINTERS_INLINE StoredLinear BertFile::classifier() const {
  StoredLinear result;
  add_linear(result, *file_, names_.classifier, config_.num_labels, config_.hidden_size, true);
  return result;
}

PAINTERS_INLINE StoredLinear BertFile::transform() const {
  StoredLinear result;
  add_linear(result, *file_, "cls.predictions.transform.dense", config_.hidden_size,
             config_.hidden_size, true);
  return result;
}

PAINTERS_INLINE bool BertFile::ties_vocabulary() const {
  return file_->config()->find<bool>("tie_word_embeddings").value_or(true);
}

PAINTERS_INLINE tensor::Weight BertFile::vocabulary() const {
  return ties_vocabulary() ? table(names_.word, config_.vocab_size)
                           : file_->matrix("cls.predictions.decoder.weight", config_.vocab_size,
                                           config_.hidden_size);
}

PAINTERS_INLINE std::vector<float> BertFile::vocabulary_bias() const {
  return file_->vector("cls.predictions.bias", config_.vocab_size);
}

PAINTERS_INLINE void BertFile::read_gguf_heads() {
  const auto rows_of = [&](const char* name) { return detail::stored_rows(*file_, name); };
  has_pooler_ = rows_of("cls.weight") == config_.hidden_size;
  head_ = has_pooler_ ? BertHeadKind::pooler : BertHeadKind::none;
  const std::size_t labels = rows_of("cls.output.weight");
  if (labels == 0 || !has_pooler_) return;  // converters may leave the pooler out
  head_ = BertHeadKind::classifier;
  config_.num_labels = labels;
  config_.is_regression = labels == 1;
  const auto names = GgufKeys(*file_->gguf(), file_->architecture())
                         .find<std::vector<std::string>>("classifier.output_labels");
  if (names && names->size() != labels)
    throw Error(
        "expected as many labels in bert.classifier.output_labels as cls.output.weight "
        "has rows in " +
        file_->place() + ", found " + std::to_string(names->size()) + " and " +
        std::to_string(labels));
}

PAINTERS_INLINE void BertFile::read_folder_heads() {
  prefix_ = find_prefix();
  has_pooler_ = file_->find(prefix_ + "pooler.dense.weight") != nullptr;
  const auto made_for = file_->config()
                            ->find<std::vector<std::string>>("architectures")
                            .value_or(std::vector<std::string>{});
  const auto is_made_for = [&](std::string_view name) {
    return std::ranges::find(made_for, name) != made_for.end();
  };
  const bool has_other_head =
      is_made_for("BertForTokenClassification") || is_made_for("BertForMultipleChoice");
  if (is_made_for("BertForSequenceClassification") ||
      (has_pooler_ && file_->find("classifier.weight") && !has_other_head))
    head_ = BertHeadKind::classifier;
  else if (file_->find("cls.predictions.transform.dense.weight"))
    head_ = BertHeadKind::masked_lm;
  else
    head_ = has_pooler_ ? BertHeadKind::pooler : BertHeadKind::none;
  has_pooler_ = has_pooler_ || head_ == BertHeadKind::classifier;
  if (head_ != BertHeadKind::classifier) config_.num_labels = 0, config_.is_regression = false;
}

PAINTERS_INLINE std::string BertFile::find_prefix() const {
  constexpr std::string_view name = "embeddings.word_embeddings.weight";
  std::optional<std::string> prefix;
  for (const auto& [full, unused] : file_->tensors()) {
    if (!full.ends_with(name)) continue;
    if (prefix)
      throw Error("expected the tensors of one BERT in " + file_->place() + ", found '" + *prefix +
                  std::string(name) + "' and '" + full + "'");
    prefix = full.substr(0, full.size() - name.size());
  }
  return prefix.value_or("");
}

PAINTERS_INLINE StoredNorm BertFile::norm_at(const std::string& name) const {
  const bool old = !file_->find(name + ".weight") && file_->find(name + ".gamma");
  return {file_->vector(name + (old ? ".gamma" : ".weight"), config_.hidden_size),
          static_cast<float>(config_.layer_norm_eps), layers::NormKind::layer,
          file_->vector(name + (old ? ".beta" : ".bias"), config_.hidden_size)};
}

}  // namespace painters::models
