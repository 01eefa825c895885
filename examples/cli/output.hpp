// Lines of results: files that are whole when they appear, or a stream that grows line by line.
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <painters/atomic_file.hpp>
#include <painters/error.hpp>

namespace painters::cli {

/// Lines that become ready in any order and are written in theirs. A file appears once it is whole
/// and not before; standard output (no path), devices and pipes get each line as soon as those
/// before it are there.
class LineFile {
 public:
  /// `line(number)` is called once for each of the lines 0 .. count - 1. Throws Error if the file
  /// cannot be made.
  LineFile(std::filesystem::path path, std::size_t count,
           std::function<std::string(std::size_t number)> line)
      : path_(std::move(path)), line_(std::move(line)), ready_(count) {
    if (path_.empty()) return;
    std::error_code error;
    if (std::filesystem::is_directory(path_, error))
      throw Error("expected a file to write to, found the folder " + path_.string());
    if (is_kept(path_)) {
      AtomicFile{path_};  // it can be made; a kill from now on leaves nothing behind
      is_whole_ = true;
      return;
    }
    errno = 0;
    stream_.open(path_, std::ios::binary);
    if (!stream_) fail();
  }

  /// Whether there is or will be a regular file of that name.
  static bool is_kept(const std::filesystem::path& path) {
    std::error_code error;
    const auto status = std::filesystem::status(path, error);
    return !path.empty() &&
           (!std::filesystem::exists(status) || std::filesystem::is_regular_file(status));
  }

  /// From now on line `number` may be asked for. Throws Error if a line cannot be written.
  void ready(std::size_t number) {
    ready_[number] = true;
    while (!is_whole_ && next_ < ready_.size() && ready_[next_]) put(line_(next_++));
  }

  /// All lines are ready. Throws Error if they cannot be kept, for instance on a full disk.
  void finish() {
    if (!is_whole_) return;
    AtomicFile whole(path_);
    for (; next_ < ready_.size(); ++next_) whole.stream() << line_(next_) << '\n';
    whole.commit();
  }

 private:
  void put(std::string_view line) {
    std::ostream& stream = path_.empty() ? std::cout : stream_;
    errno = 0;
    stream << line << '\n' << std::flush;
    if (!stream) fail();
  }

  [[noreturn]] void fail() const {
    throw Error("expected to write " + (path_.empty() ? "standard output" : path_.string()) +
                ", but " + (errno != 0 ? std::strerror(errno) : "the disk refused the data") +
                "; check the folder, its permissions and the free space");
  }

  std::filesystem::path path_;
  std::function<std::string(std::size_t)> line_;
  std::ofstream stream_;
  std::vector<bool> ready_;
  std::size_t next_ = 0;
  bool is_whole_ = false;
};

}  // namespace painters::cli
