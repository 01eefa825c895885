// A model on disk, whether GGUF or a Hugging Face folder: what it says it is, and its tensors. It
// knows nothing about families, see families.hpp.
#pragma once

#include <concepts>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include <painters/error.hpp>
#include <painters/formats/gguf.hpp>
#include <painters/formats/json.hpp>
#include <painters/formats/model_folder.hpp>
#include <painters/formats/safetensors.hpp>
#include <painters/formats/stored_tensor.hpp>
#include <painters/tensor/dequantize.hpp>
#include <painters/tensor/weight.hpp>

namespace painters::models {

/// Weights point into the memory map and live as long as this object. Members that give tensors
/// throw Error for a folder without weights.
class ModelFile {
 public:
  /// `path`: a .gguf file or a folder with config.json and safetensors. Throws Error if a file
  /// contradicts itself, or if the folder holds no model in floating point. Weights may be absent
  /// from the folder until a tensor is needed, so that nobody fetches them for a model that cannot
  /// be run.
  static ModelFile open(const std::filesystem::path& path) {
    std::error_code error;
    if (!std::filesystem::is_directory(path, error)) return ModelFile(formats::Gguf::open(path));
    refuse_adapter(path);
    formats::JsonObject config = formats::read_model_config(path);
    refuse_quantised(config);
    if (!formats::find_safetensors(path)) return ModelFile(std::move(config), NoWeights{path});
    return ModelFile(std::move(config), formats::Safetensors::open(path));
  }

  /// What it is: "general.architecture" of GGUF, "model_type" of config.json.
  const std::string& architecture() const { return architecture_; }
  /// The file, for its metadata; null for a folder.
  const formats::Gguf* gguf() const { return std::get_if<formats::Gguf>(&file_); }
  /// The folder's config.json; null for a GGUF file.
  const formats::JsonObject* config() const { return config_ ? &*config_ : nullptr; }
  /// The file or folder, for messages.
  std::string place() const {
    return std::visit([](const auto& file) { return file.path().string(); }, file_);
  }
  /// Whether there are weights: a folder may lack them.
  bool has_weights() const { return !std::holds_alternative<NoWeights>(file_); }
  /// What says the model's sizes, for messages: config.json, or the GGUF file.
  std::string config_place() const { return config_ ? config_->place() : place(); }

  /// All tensors, by name.
  const formats::TensorTable::Map& tensors() const {
    return std::visit(
        [](const auto& file) -> const auto& { return file.tensors(); }, file_);
  }
  /// Null if there is no such tensor. A folder may have it under another prefix: hubs hold models
  /// without "model.", and those that were cut out of larger ones.
  const formats::StoredTensor* find(std::string_view name) const {
    return std::visit([&](const auto& file) { return file.find_tensor(name_in(file, name)); },
                      file_);
  }
  /// Throws Error if there is none of that name and shape.
  tensor::Weight matrix(std::string_view name, std::size_t rows, std::size_t cols) const {
    return tensor(name).weight(rows, cols);
  }
  /// The same for a vector, in f32; `order`: how the file has its elements, see tensor::Weight.
  std::vector<float> vector(std::string_view name, std::size_t size,
                            const tensor::HeadRows& order = {}) const {
    tensor::Weight weight = matrix(name, 1, size);
    std::vector<float> stored(size), values(size);
    tensor::dequantize_row(weight, 0, stored.data());
    weight.rows = size;
    weight.order = order;
    for (std::size_t i = 0; i < size; ++i) values[i] = stored[weight.stored_row(i)];
    return values;
  }

 private:
  explicit ModelFile(formats::Gguf file)
      : architecture_(file.metadata<std::string>("general.architecture")), file_(std::move(file)) {}
  template <class Weights>
  ModelFile(formats::JsonObject config, Weights weights)
      : architecture_(config.get<std::string>("model_type")),
        config_(std::move(config)),
        file_(std::move(weights)) {}

  /// A folder without weights, in place of the weights.
  class NoWeights {
   public:
    explicit NoWeights(std::filesystem::path folder) : folder_(std::move(folder)) {}
    const std::filesystem::path& path() const { return folder_; }
    [[noreturn]] const formats::TensorTable::Map& tensors() const { refuse(); }
    [[noreturn]] const formats::StoredTensor* find_tensor(std::string_view) const { refuse(); }
    [[noreturn]] const formats::StoredTensor& tensor(std::string_view) const { refuse(); }

   private:
    [[noreturn]] void refuse() const { formats::refuse_without_safetensors(folder_); }
    std::filesystem::path folder_;
  };

  static void refuse_adapter(const std::filesystem::path& folder) {
    std::error_code error;
    if (std::filesystem::exists(folder / "config.json", error) ||
        !std::filesystem::exists(folder / "adapter_config.json", error))
      return;
    const auto base = formats::read_json(folder / "adapter_config.json")
                          .find<std::string>("base_model_name_or_path");
    throw Error("expected a model with config.json in " + folder.string() +
                ", found an adapter (adapter_config.json)" + (base ? " for " + *base : "") +
                "; merge it into its model and give the folder of the merged model");
  }

  static void refuse_quantised(const formats::JsonObject& config) {
    if (!config.find<nlohmann::json>("quantization_config")) return;
    const auto method =
        config.object("quantization_config").find<std::string>("quant_method").value_or("unknown");
    throw Error("expected weights in F32, F16 or BF16 in the folder of " + config.place() +
                ", found ones quantised with the method \"" + method +
                "\" (quantization_config); use the original model, or a GGUF file of it");
  }

  /// The name that a file has for a tensor: another one if it has that and not this.
  template <class File>
  static std::string name_in(const File& file, std::string_view name) {
    if constexpr (std::same_as<File, formats::Safetensors>) {
      const std::size_t dot = name.find('.');
      const std::string_view first = name.substr(0, dot == name.npos ? 0 : dot);
      if (first == "lm_head" || first == "embed_out") {
        const std::string other = "language_model." + std::string(name);
        if (!file.find_tensor(name) && file.find_tensor(other)) return other;
      } else if ((first == "model" || first == "gpt_neox") && !file.find_tensor(name)) {
        const std::string rest(name.substr(dot + 1));
        for (const char* prefix : {"", "transformer.", "language_model.", "language_model.model.",
                                   "model.language_model."})
          if (file.find_tensor(prefix + rest)) return prefix + rest;
      }
    }
    return std::string(name);
  }

  const formats::StoredTensor& tensor(std::string_view name) const {
    return std::visit(
        [&](const auto& file) -> const formats::StoredTensor& {
          return file.tensor(name_in(file, name));
        },
        file_);
  }

  std::string architecture_;
  std::optional<formats::JsonObject> config_;
  std::variant<NoWeights, formats::Safetensors, formats::Gguf> file_;
};

/// The name of a layer's tensor; {} in `name` is the layer's number. Throws UsageError for null,
/// which names of a family are where it has no such tensor.
inline std::string of_layer(const char* name, std::size_t layer) {
  if (!name)
    throw UsageError("expected the name of a tensor, found null: models of this family lack it");
  return fmt::format(fmt::runtime(name), layer);
}

}  // namespace painters::models
