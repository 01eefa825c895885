// The files of a causal language model of any family: configuration and weights, the same whether
// GGUF or safetensors.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <painters/models/causal_lm_config.hpp>
#include <painters/models/stored_linear.hpp>
#include <painters/models/stored_norm.hpp>
#include <painters/tensor/weight.hpp>

namespace painters::models {

/// Weights point into the memory map and live as long as this object.
class CausalLmFile {
 public:
  /// `path`: see ModelFile::open. Throws Error if a file is missing, contradicts itself, or is not
  /// a causal language model of a family in families.hpp.
  /// `ignored`: see refuse_unknown.
  explicit CausalLmFile(const std::filesystem::path& path,
                        std::span<const std::string> ignored = {});
  /// The same for an open file.
  explicit CausalLmFile(ModelFile file, std::span<const std::string> ignored = {});

  /// The model's sizes and properties.
  const CausalLmConfig& config() const { return config_; }
  /// The tensor names of the file's family and format.
  const CausalLmNames& names() const { return names_; }

  /// A normalisation of the model's kind over `size` columns.
  StoredNorm norm(const char* name, std::size_t layer, std::size_t size) const;

  /// Projections of the same shape, stacked.
  StoredLinear linear(const std::vector<const char*>& names, std::size_t layer, std::size_t rows,
                      std::size_t cols, bool has_bias) const;

  /// Queries, keys and values of a layer, stacked, with the rows of each head in our order.
  StoredLinear query_key_value(std::size_t layer) const;

  /// [vocab_size, hidden_size].
  tensor::Weight embedding() const { return table(names_.embedding); }
  /// The embedding where the model ties the two.
  tensor::Weight head() const;

 private:
  /// Throws Error if the file has a tensor that the model would not use although it matters.
  void refuse(const std::string& tensor) const;
  void refuse_more_layers() const;

  tensor::Weight table(const char* name) const;

  void add(StoredLinear& to, const std::string& name, std::size_t rows, std::size_t cols,
           bool has_bias, const tensor::HeadRows& order) const;

  /// One matrix for queries, keys and values, each of `size` outputs, taken apart.
  StoredLinear fused(const std::string& name, std::size_t size) const;

  std::shared_ptr<const ModelFile> file_;
  CausalLmConfig config_;
  CausalLmNames names_{};
};

}  // namespace painters::models

#ifndef PAINTERS_COMPILED_ONCE
#include <painters/models/causal_lm_file_reading.hpp>
#endif
