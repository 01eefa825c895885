// Files of results that grow line by line and are whole when they appear.
#pragma once

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <painters/error.hpp>

namespace painters::cli {

/// Lines for FILE are written to FILE.partial at once, and finish() gives the file its name: what
/// has that name is complete, and work that is interrupted keeps its lines. Devices and pipes are
/// written to directly; no path means standard output.
class LineFile {
 public:
  /// Throws Error if the file cannot be made.
  explicit LineFile(std::filesystem::path path) : path_(std::move(path)) {
    if (path_.empty()) return;
    std::error_code error;
    const auto status = std::filesystem::status(path_, error);
    if (std::filesystem::is_directory(status))
      throw Error("expected a file to write to, found the folder " + path_.string());
    written_ = path_;
    if (!std::filesystem::exists(status) || std::filesystem::is_regular_file(status))
      written_ += ".partial";
    errno = 0;
    file_.open(written_, std::ios::binary | std::ios::trunc);
    if (!file_) fail();
  }
  ~LineFile() {
    std::error_code error;
    if (written_ != path_ && file_.is_open() && file_.tellp() == std::streampos(0))
      std::filesystem::remove(written_, error);
  }
  LineFile(const LineFile&) = delete;
  LineFile& operator=(const LineFile&) = delete;

  /// Throws Error if the line cannot be kept, for instance on a full disk.
  void write(std::string_view line) {
    std::ostream& stream = path_.empty() ? std::cout : file_;
    errno = 0;
    stream << line << '\n' << std::flush;
    if (!stream) fail();
  }

  /// Where the lines are until finish().
  const std::filesystem::path& written() const { return written_; }

  void finish() {
    if (path_.empty()) return;
    errno = 0;
    file_.close();
    if (!file_) fail();
    if (written_ == path_) return;
    std::error_code error;
    std::filesystem::rename(written_, path_, error);
    if (error) throw Error("expected to rename " + written_.string() + ", but " + error.message());
  }

 private:
  [[noreturn]] void fail() const {
    throw Error("expected to write " + (path_.empty() ? "standard output" : written_.string()) +
                ", but " + (errno != 0 ? std::strerror(errno) : "the disk refused the data") +
                "; check the folder, its permissions and the free space");
  }

  std::filesystem::path path_, written_;
  std::ofstream file_;
};

}  // namespace painters::cli
