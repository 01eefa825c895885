// The contents of a model's files, for tests that change something or leave it out before writing
// them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

#include <painters/layers/norm.hpp>
#include <painters/models/stored_norm.hpp>
#include <painters/tensor/buffer.hpp>
#include <painters/tensor/element_type.hpp>

#include "support/gguf_writer.hpp"
#include "support/random_block.hpp"
#include "support/safetensors_writer.hpp"

namespace support {

struct TensorParts {
  struct Tensor {
    std::vector<std::size_t> shape;
    std::string bytes;
    std::uint32_t gguf_type = GgufWriter::f32;
    std::string dtype = "F32";
  };
  std::map<std::string, Tensor> tensors;  // by name

  void add(const std::string& name, const std::vector<float>& values) {
    tensors[name] = {{values.size()}, bytes_of(values)};
  }
  /// NAME.weight, and NAME.bias where there is one.
  void add(const std::string& name, const painters::models::StoredNorm& norm) {
    add(name + ".weight", norm.weight);
    if (!norm.bias.empty()) add(name + ".bias", norm.bias);
  }

 protected:
  static std::string bytes_of(const std::vector<float>& values) {
    return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
  }
};

struct GgufParts : TensorParts {
  using Value = std::variant<std::uint32_t, float, bool, std::string, std::vector<std::string>,
                             std::vector<std::int32_t>>;
  std::map<std::string, Value> metadata;

  using TensorParts::add;
  void add(const std::string& name, const RandomLinear& linear) {
    tensors[name + ".weight"] = {{linear.weight.rows, linear.weight.cols},
                                 *linear.bytes,
                                 GgufWriter::number(linear.weight.type)};
    if (!linear.bias.empty()) add(name + ".bias", linear.bias);
  }
  void write(const std::filesystem::path& path) const {
    GgufWriter writer;
    for (const auto& [key, value] : metadata)
      std::visit([&, &name = key](const auto& v) { writer.metadata(name, v); }, value);
    for (const auto& [name, t] : tensors) writer.tensor(name, t.gguf_type, t.shape, t.bytes);
    writer.write(path);
  }
};

struct HuggingFaceParts : TensorParts {
  nlohmann::json config;

  using TensorParts::add;
  /// Written as F32 where safetensors lack the type (quantised blocks).
  void add(const std::string& name, const RandomLinear& linear) {
    using Type = painters::tensor::ElementType;
    const Type type = linear.weight.type;
    const bool same = type == Type::f16 || type == Type::bf16;
    const painters::tensor::Buffer& values = linear.values;
    tensors[name + ".weight"] = {
        {linear.weight.rows, linear.weight.cols},
        same ? *linear.bytes : bytes_of({values.data(), values.data() + values.size()}),
        GgufWriter::f32,
        same ? std::string(traits(type).name) : "F32"};
    if (!linear.bias.empty()) add(name + ".bias", linear.bias);
  }
  void write(const std::filesystem::path& folder) const {
    std::filesystem::create_directories(folder);
    SafetensorsWriter writer;
    for (const auto& [name, t] : tensors) writer.tensor(name, t.dtype, t.shape, t.bytes);
    writer.write(folder / "model.safetensors");
    std::ofstream(folder / "config.json") << config;
  }
};

}  // namespace support
