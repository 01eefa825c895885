// The tokenizer of a model, whatever the model's files are.
#pragma once

#include <filesystem>

#include <painters/formats/gguf.hpp>
#include <painters/text/gguf_tokenizer.hpp>
#include <painters/text/json_tokenizer.hpp>
#include <painters/text/tokenizer.hpp>

namespace painters::text {

/// `path`: a .gguf file (weights are not needed), a folder with tokenizer.json, or such a file.
/// Throws Error if there is no tokenizer that we can read.
inline Tokenizer load_tokenizer(const std::filesystem::path& path) {
  if (std::filesystem::is_directory(path) || path.extension() == ".json")
    return read_tokenizer_json(path);
  return read_tokenizer(formats::Gguf::open(path));
}

}  // namespace painters::text
