// How causal_lm_file.hpp reads the files.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <painters/compiled_once.hpp>
#include <painters/error.hpp>
#include <painters/layers/norm.hpp>
#include <painters/models/causal_lm_config.hpp>
#include <painters/models/causal_lm_file.hpp>
#include <painters/models/families.hpp>
#include <painters/models/model_file.hpp>
#include <painters/models/read_linear.hpp>
#include <painters/models/stored_linear.hpp>
#include <painters/models/stored_norm.hpp>
#include <painters/models/unknown_keys.hpp>
#include <painters/tensor/weight.hpp>

namespace painters::models {

PAINTERS_INLINE CausalLmFile::CausalLmFile(const std::filesystem::path& path,
                                           std::span<const std::string> ignored)
    : CausalLmFile(ModelFile::open(path), ignored) {}

PAINTERS_INLINE CausalLmFile::CausalLmFile(ModelFile file, std::span<const std::string> ignored)
    : file_(std::make_shared<const ModelFile>(std::move(file))) {
  const auto& [family, name] = family_as<CausalLmFamily>(*file_, "a causal language model");
  file_->tensors();  // throws where there are none
  config_ = family.read_config(*file_, name);
  names_ = file_->gguf() ? *family.gguf_names : *family.hugging_face_names;
  refuse_more_layers();
  refuse_unknown(*file_, config_, names_, ignored);
}

PAINTERS_INLINE StoredNorm CausalLmFile::norm(const char* name, std::size_t layer,
                                              std::size_t size) const {
  const std::string full = of_layer(name, layer);
  StoredNorm norm{file_->vector(full + ".weight", size), static_cast<float>(config_.norm_eps),
                  config_.norm};
  if (norm.kind == layers::NormKind::layer)
    norm.bias = file_->vector(full + ".bias", size);
  else
    refuse(full + ".bias");
  return norm;
}

PAINTERS_INLINE StoredLinear CausalLmFile::linear(const std::vector<const char*>& names,
                                                  std::size_t layer, std::size_t rows,
                                                  std::size_t cols, bool has_bias) const {
  StoredLinear result;
  for (const char* name : names) add(result, of_layer(name, layer), rows, cols, has_bias, {});
  return result;
}

PAINTERS_INLINE StoredLinear CausalLmFile::query_key_value(std::size_t layer) const {
  const CausalLmConfig& c = config_;
  const std::size_t queries = c.query_size();
  const std::size_t keys = c.key_value_size();
  if (names_.query_key_value) return fused(of_layer(names_.query_key_value, layer), queries);
  const auto order = [&](std::size_t heads) {
    return names_.interleaved_rotary ? tensor::HeadRows{heads, c.head_dim, true}
                                     : tensor::HeadRows{};
  };
  if (!c.qk_norm)
    for (const char* name : {names_.query_norm, names_.key_norm})
      refuse(of_layer(name, layer) + ".weight");
  StoredLinear result;
  add(result, of_layer(names_.query, layer), queries, c.hidden_size, c.attention_bias,
      order(c.num_attention_heads));
  add(result, of_layer(names_.key, layer), keys, c.hidden_size, c.attention_bias,
      order(c.num_key_value_heads));
  add(result, of_layer(names_.value, layer), keys, c.hidden_size, c.attention_bias, {});
  return result;
}

PAINTERS_INLINE tensor::Weight CausalLmFile::head() const {
  return config_.tie_word_embeddings ? embedding() : table(names_.head);
}

PAINTERS_INLINE void CausalLmFile::refuse(const std::string& tensor) const {
  if (!file_->find(tensor)) return;
  throw Error("expected no tensor '" + tensor + "' in " + file_->place() +
              ", as the configuration of this " + config_.model_type +
              " model says, found one; the two do not belong together");
}

PAINTERS_INLINE void CausalLmFile::refuse_more_layers() const {
  const std::size_t layers = config_.num_hidden_layers;
  const std::string next = of_layer(names_.attention_norm, layers) + ".weight";
  if (file_->find(next))
    throw Error("expected " + std::to_string(layers) + " layers in " + file_->place() +
                ", as the configuration says, found '" + next +
                "' of one more; the two do not belong together");
}

PAINTERS_INLINE tensor::Weight CausalLmFile::table(const char* name) const {
  refuse(std::string(name) + ".bias");
  return file_->matrix(std::string(name) + ".weight", config_.vocab_size, config_.hidden_size);
}

PAINTERS_INLINE void CausalLmFile::add(StoredLinear& to, const std::string& name, std::size_t rows,
                                       std::size_t cols, bool has_bias,
                                       const tensor::HeadRows& order) const {
  add_linear(to, *file_, name, rows, cols, has_bias, order);
  if (!has_bias) refuse(name + ".bias");
}

PAINTERS_INLINE StoredLinear CausalLmFile::fused(const std::string& name, std::size_t size) const {
  const CausalLmConfig& c = config_;
  const tensor::Weight all = file_->matrix(name + ".weight", 3 * size, c.hidden_size);
  std::vector<float> biases;
  if (c.attention_bias)
    biases = file_->vector(name + ".bias", 3 * size);
  else
    refuse(name + ".bias");
  StoredLinear result;
  for (std::size_t part = 0; part < 3; ++part) {
    const std::size_t first = part * (names_.fused_by_head ? c.head_dim : size);
    tensor::Weight weight = all;
    weight.bytes += first * all.row_bytes();
    weight.rows = size;
    if (names_.fused_by_head) weight.order = {c.num_attention_heads, 3 * c.head_dim, false};
    result.weight.push_back(weight);
    if (c.attention_bias)
      for (std::size_t r = 0; r < size; ++r)
        result.bias.push_back(biases[first + weight.stored_row(r)]);
  }
  return result;
}

}  // namespace painters::models
