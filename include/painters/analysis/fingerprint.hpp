// Recognises the content of a file or folder, whatever its name and date.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <vector>

#include <painters/error.hpp>

namespace painters::analysis {

namespace detail {

/// FNV-1a.
class Hash {
 public:
  void add(unsigned char byte) { value_ = (value_ ^ byte) * 1099511628211u; }
  void add(std::uint64_t number) {
    for (int shift = 0; shift < 64; shift += 8) add(static_cast<unsigned char>(number >> shift));
  }
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 14695981039346656037u;
};

/// The file's size and blocks spread over it, its beginning and end among them: files of up to 16
/// MiB are read whole, larger ones at 256 places.
inline void add_file(Hash& hash, const std::filesystem::path& path) {
  constexpr std::uintmax_t block = 64 * 1024, places = 256;
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  std::ifstream file(path, std::ios::binary);
  if (error || !file)
    throw Error("expected a readable file, found none at " + path.string() +
                ": check the path and its permissions");
  hash.add(std::uint64_t{size});
  std::vector<char> buffer(block);
  const std::uintmax_t last = size > block ? size - block : 0;
  for (std::uintmax_t i = 0, at = 0; i < places && at < size; ++i) {
    file.clear();
    file.seekg(static_cast<std::streamoff>(at));
    file.read(buffer.data(), static_cast<std::streamsize>(block));
    const auto count = static_cast<std::size_t>(file.gcount());
    for (std::size_t k = 0; k < count; ++k) hash.add(static_cast<unsigned char>(buffer[k]));
    at = size <= block * places ? at + block : last * (i + 1) / (places - 1);
  }
}

}  // namespace detail

/// 16 hexadecimal digits of the content of a file, or of all files of a folder (their names apart,
/// hidden files and subfolders left out). Large files are looked at in many places, not read whole:
/// this tells models apart, and is no protection against forgery. Throws Error if something cannot
/// be read.
inline std::string fingerprint(const std::filesystem::path& path) {
  std::vector<std::filesystem::path> files{path};
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    files.clear();
    for (const auto& entry : std::filesystem::directory_iterator(path, error))
      if (entry.is_regular_file(error) && entry.path().filename().string().front() != '.')
        files.push_back(entry.path());
    std::sort(files.begin(), files.end());
  }
  detail::Hash hash;
  for (const auto& file : files) detail::add_file(hash, file);
  std::string digits(16, '0');
  for (std::size_t i = 0; i < 16; ++i)
    digits[i] = "0123456789abcdef"[hash.value() >> (60 - 4 * i) & 15];
  return digits;
}

}  // namespace painters::analysis
