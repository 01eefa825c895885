// What a model is called and how many layers it has, read without its weights and whatever its
// family is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>

#include <painters/formats/gguf.hpp>
#include <painters/formats/model_folder.hpp>

namespace painters::cli {

/// A folder's name, or a file's without .gguf.
inline std::string model_name(const std::filesystem::path& model) {
  std::error_code error;
  return std::filesystem::is_directory(model, error)
             ? (model / "").parent_path().filename().string()
             : model.stem().string();
}

/// `model` is a .gguf file or a folder with config.json. Throws Error if it does not say.
inline std::size_t model_depth(const std::filesystem::path& model) {
  std::error_code error;
  if (std::filesystem::is_directory(model, error))
    return formats::read_model_config(model).get<std::size_t>("num_hidden_layers");
  const auto file = formats::Gguf::open(model);
  const auto architecture = file.metadata<std::string>("general.architecture");
  return file.metadata<std::uint32_t>(architecture + ".block_count");
}

}  // namespace painters::cli
