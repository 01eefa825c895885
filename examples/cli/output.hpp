// Files of results that grow line by line and are whole when they appear.
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <painters/atomic_file.hpp>
#include <painters/error.hpp>

namespace painters::cli {

/// Lines for FILE are written to FILE.partial as they come, and finish() makes the file of them, in
/// order: what has that name is complete, and work that is interrupted keeps its lines. Devices and
/// pipes get the lines in order; no path means standard output.
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

  /// Line number `number`; each is given once, in any order. Throws Error if the line cannot be
  /// kept, for instance on a full disk.
  void write(std::size_t number, std::string line) {
    if (number != next_) in_order_ = false;
    if (in_order_ || written_ != path_) put(path_.empty() ? std::cout : file_, line);
    if (in_order_) ++next_;
    lines_.emplace(number, std::move(line));
  }

  /// Where the lines are until finish().
  const std::filesystem::path& written() const { return written_; }

  void finish() {
    if (!in_order_) {
      if (written_ != path_) return finish_in_order();
      for (auto line = lines_.find(next_); line != lines_.end(); ++line)
        put(path_.empty() ? std::cout : file_, line->second);
    }
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
  void put(std::ostream& stream, std::string_view line) {
    errno = 0;
    stream << line << '\n' << std::flush;
    if (!stream) fail();
  }

  void finish_in_order() {
    AtomicFile file(path_);
    for (const auto& [number, line] : lines_) file.stream() << line << '\n';
    file.commit();
    file_.close();
    std::error_code error;
    std::filesystem::remove(written_, error);
  }

  [[noreturn]] void fail() const {
    throw Error("expected to write " + (path_.empty() ? "standard output" : written_.string()) +
                ", but " + (errno != 0 ? std::strerror(errno) : "the disk refused the data") +
                "; check the folder, its permissions and the free space");
  }

  std::filesystem::path path_, written_;
  std::ofstream file_;
  std::map<std::size_t, std::string> lines_;
  std::size_t next_ = 0;  // the line that comes next while they come in order
  bool in_order_ = true;
};

}  // namespace painters::cli
