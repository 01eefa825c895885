// Recognises the content of a file, whatever its name and date.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include <painters/error.hpp>

namespace painters::analysis {

/// 16 hexadecimal digits of the file's size and of blocks spread over it, its beginning and end
/// among them (FNV-1a). Files of up to 16 MiB are read whole, larger ones (models) at 256 places.
/// Tells files apart; no protection against forgery. Throws Error if the file cannot be read.
inline std::string fingerprint(const std::filesystem::path& path) {
  constexpr std::uintmax_t block = 64 * 1024, places = 256;
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  std::ifstream file(path, std::ios::binary);
  if (error || !file)
    throw Error("expected a readable file, found none at " + path.string() +
                ": check the path and its permissions");

  std::uint64_t hash = 14695981039346656037u;
  const auto mix = [&hash](unsigned char byte) { hash = (hash ^ byte) * 1099511628211u; };
  for (int shift = 0; shift < 64; shift += 8) mix(static_cast<unsigned char>(size >> shift));
  std::array<char, block> buffer;
  const std::uintmax_t last = size > block ? size - block : 0;
  for (std::uintmax_t i = 0, at = 0; i < places && at < size; ++i) {
    file.clear();
    file.seekg(static_cast<std::streamoff>(at));
    file.read(buffer.data(), static_cast<std::streamsize>(block));
    for (std::streamsize k = 0; k < file.gcount(); ++k)
      mix(static_cast<unsigned char>(buffer[static_cast<std::size_t>(k)]));
    at = size <= block * places ? at + block : last * (i + 1) / (places - 1);
  }

  std::string digits(16, '0');
  for (std::size_t i = 0; i < 16; ++i) digits[i] = "0123456789abcdef"[hash >> (60 - 4 * i) & 15];
  return digits;
}

}  // namespace painters::analysis
