// The bytes of a file with holes: wherever nothing was put there are zeros, which take neither
// memory nor disk space.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>

namespace support {

class SparseBytes {
 public:
  std::uint64_t size() const { return size_; }

  SparseBytes& append(std::string_view bytes) {
    put(size_, bytes);
    size_ += bytes.size();
    return *this;
  }
  SparseBytes& append_hole(std::uint64_t bytes) {
    size_ += bytes;
    return *this;
  }
  /// Adds zeros up to a multiple of `alignment`.
  SparseBytes& align(std::uint64_t alignment) {
    return append_hole((alignment - size_ % alignment) % alignment);
  }
  /// Puts bytes into a hole.
  void put(std::uint64_t at, std::string_view bytes) {
    if (!bytes.empty()) pieces_.emplace(at, bytes);
  }

  /// The size, holes included.
  std::string bytes() const {
    std::string all(static_cast<std::size_t>(size_), '\0');
    for (const auto& [at, piece] : pieces_)
      all.replace(static_cast<std::size_t>(at), piece.size(), piece);
    return all;
  }
  /// Writes a file that begins with `head`.
  void write(const std::filesystem::path& path, std::string_view head) const {
    {
      std::ofstream file(path, std::ios::binary);
      file << head;
      for (const auto& [at, piece] : pieces_) {
        file.seekp(static_cast<std::streamoff>(head.size() + at));
        file << piece;
      }
    }
    std::filesystem::resize_file(path, head.size() + size_);
  }

 private:
  std::uint64_t size_ = 0;
  std::map<std::uint64_t, std::string> pieces_;
};

}  // namespace support
