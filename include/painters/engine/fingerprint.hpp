// Recognises the content of a file, or of a model's folder, whatever its name and date.
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include <painters/engine/content_key.hpp>
#include <painters/error.hpp>
#include <painters/formats/gguf_parts.hpp>
#include <painters/formats/mapped_file.hpp>

namespace painters::engine {

/// 32 hexadecimal digits for the whole content of a file, of all parts of a GGUF model, or of
/// config.json and the .safetensors files of a folder, in the order of their names. Throws Error if
/// something cannot be read.
inline std::string fingerprint(const std::filesystem::path& path) {
  std::vector<std::filesystem::path> files = formats::gguf_parts(path);
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    files.clear();
    for (const auto& entry : std::filesystem::directory_iterator(path, error))
      if (entry.path().filename() == "config.json" || entry.path().extension() == ".safetensors")
        files.push_back(entry.path());
    std::sort(files.begin(), files.end());
  }
  KeyBuilder builder;
  for (const auto& file : files) {
    const formats::MappedFile content(file);
    builder.add(std::uint64_t{content.bytes().size()});
    builder.add(content.bytes());
  }
  return to_hex(builder.key());
}

}  // namespace painters::engine
