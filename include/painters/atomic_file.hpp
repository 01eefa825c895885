// Output files that are whole or not there: written under a temporary name, renamed when complete.
#pragma once

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <ios>
#include <ostream>
#include <random>
#include <string>
#include <string_view>
#include <system_error>

#include <painters/error.hpp>

namespace painters {

/// Write to stream(), then commit(). Without commit() nothing is left behind and an older file
/// stays as it was.
class AtomicFile {
 public:
  /// Throws Error if the folder cannot be written.
  explicit AtomicFile(std::filesystem::path path) : path_(std::move(path)), temporary_(path_) {
    temporary_ += ".part-" + std::to_string(std::random_device{}());
    errno = 0;
    stream_.open(temporary_, std::ios::binary | std::ios::trunc);
    if (!stream_) fail(errno);
  }
  ~AtomicFile() {
    if (committed_) return;
    stream_.close();
    std::error_code ignored;
    std::filesystem::remove(temporary_, ignored);
  }
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  /// What is to be in the file; nothing of it is seen before commit().
  std::ostream& stream() { return stream_; }

  /// Puts the file in its place. Throws Error if anything could not be written, for instance on a
  /// full disk.
  void commit() {
    errno = 0;
    stream_.close();
    if (!stream_) fail(errno);
    std::error_code error;
    std::filesystem::rename(temporary_, path_, error);
    if (error) fail(error.value());
    committed_ = true;
  }

 private:
  [[noreturn]] void fail(int error) const {
    throw Error("expected to write " + path_.string() + ", but " +
                (error != 0 ? std::strerror(error) : "the disk refused the data") +
                "; check the folder, its permissions and the free space");
  }

  std::filesystem::path path_, temporary_;
  std::ofstream stream_;
  bool committed_ = false;
};

/// Writes a whole file or leaves the old one as it was. Throws Error if the disk does not take it.
inline void write_file(const std::filesystem::path& path, std::string_view content) {
  AtomicFile file(path);
  file.stream() << content;
  file.commit();
}

}  // namespace painters
