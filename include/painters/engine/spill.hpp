// States that wait on disk, for sweeps whose states do not fit in memory.
#pragma once

#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <span>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <painters/error.hpp>
#include <painters/tensor/buffer.hpp>

namespace painters::engine {

/// A file without a name, for blocks of equal size. The system removes it when this object or the
/// process ends.
class SpillFile {
 public:
  /// The place of a block.
  using Slot = std::size_t;

  /// `folder`: TMPDIR, or where large temporary files go. Throws Error if no file can be made.
  explicit SpillFile(std::size_t block_bytes, std::filesystem::path folder = default_folder())
      : block_(block_bytes), folder_(std::move(folder)) {
    std::string name = (folder_ / "painters-XXXXXX").string();
    file_ = ::mkstemp(name.data());
    if (file_ < 0) fail(errno);
    ::unlink(name.c_str());
  }
  ~SpillFile() { ::close(file_); }
  SpillFile(const SpillFile&) = delete;
  SpillFile& operator=(const SpillFile&) = delete;

  /// A place that no block has.
  Slot take() {
    if (free_.empty()) return slots_++;
    const Slot slot = free_.back();
    free_.pop_back();
    return slot;
  }
  /// Lets another block have the place. This, write() and read() throw UsageError for a place that
  /// is not taken.
  void give_back(Slot slot) {
    require(slot, 0, 0);
    free_.push_back(slot);
  }

  /// Writes bytes of a block, from byte `first` on. Throws Error, for instance on a full disk, and
  /// UsageError for bytes beyond the block.
  void write(Slot slot, std::size_t first, std::span<const std::byte> bytes) {
    require(slot, first, bytes.size());
    move(slot, first, bytes.size(), [&](std::size_t done, off_t at) {
      return ::pwrite(file_, bytes.data() + done, bytes.size() - done, at);
    });
  }
  /// Reads bytes of a block, from byte `first` on. Throws Error if that fails, and UsageError for
  /// bytes beyond the block.
  void read(Slot slot, std::size_t first, std::span<std::byte> bytes) const {
    require(slot, first, bytes.size());
    move(slot, first, bytes.size(), [&](std::size_t done, off_t at) {
      return ::pread(file_, bytes.data() + done, bytes.size() - done, at);
    });
  }

 private:
  static std::filesystem::path default_folder() {
    if (const char* own = std::getenv("TMPDIR"); own && *own) return own;
    std::error_code error;
    if (std::filesystem::is_directory("/var/tmp", error)) return "/var/tmp";  // not in memory
    return std::filesystem::temp_directory_path();
  }

  void require(Slot slot, std::size_t first, std::size_t count) const {
    if (slot >= slots_ || std::find(free_.begin(), free_.end(), slot) != free_.end())
      throw UsageError("expected a place that a block has taken, found number " +
                       std::to_string(slot) + ": a block is brought back once");
    if (first > block_ || count > block_ - first)
      throw UsageError("expected bytes within a block of " + std::to_string(block_) + ", found " +
                       std::to_string(count) + " from byte " + std::to_string(first) +
                       " on: keep blocks of one size");
  }

  /// some(done, at) moves bytes from byte `done` on, which is at offset `at` of the file, and
  /// returns how many it moved.
  template <class F>
  void move(Slot slot, std::size_t first, std::size_t count, const F& some) const {
    for (std::size_t done = 0; done < count;) {
      errno = 0;
      const ssize_t moved = some(done, static_cast<off_t>(slot * block_ + first + done));
      if (moved <= 0 && errno != EINTR) fail(errno);
      if (moved > 0) done += static_cast<std::size_t>(moved);
    }
  }

  [[noreturn]] void fail(int error) const {
    throw Error("expected to keep states that do not fit in memory in a file in " +
                folder_.string() + ", but " +
                (error != 0 ? std::strerror(error) : "it ended too early") +
                "; free some space, set TMPDIR to another folder, or allow more memory");
  }

  std::size_t block_;
  std::filesystem::path folder_;
  int file_ = -1;
  Slot slots_ = 0;  // that were ever taken
  std::vector<Slot> free_;
};

/// For sweep(): states (layers::HiddenStates of one batch) wait in a SpillFile, as f32 values.
class WaitOnDisk {
 public:
  /// What a state that waits is brought back with.
  using Ticket = SpillFile::Slot;
  /// A finished state gives its memory back; sweep() keeps none for reuse.
  static constexpr bool reuses_memory = false;

  /// States of `rows` tokens, `cols` values each. Throws Error if no file can be made.
  WaitOnDisk(std::size_t rows, std::size_t cols)
      : rows_(rows),
        rows_at_once_(std::max<std::size_t>(at_once / (sizeof(float) * cols + 1), 1)),
        file_(sizeof(float) * rows * cols),
        host_(std::min(rows, rows_at_once_), cols) {}

  /// Writes x and lets go of its memory. Throws Error, for instance on a full disk, and UsageError
  /// for states of another size.
  template <class S>
  Ticket set_aside(S& x) {
    require_size(x);
    const Ticket slot = file_.take();
    for_each_piece([&](std::size_t first, std::size_t count, std::size_t at, auto bytes) {
      x.backend().download(std::as_const(x).values().middle_rows(first, count),
                           host_.view().middle_rows(0, count));
      file_.write(slot, at, bytes);
    });
    x.release();
    return slot;
  }

  /// Gives x the values of the state that was set aside with this ticket. Throws Error if that
  /// fails.
  template <class S>
  void bring_back(S& x, Ticket slot) {
    x.allocate();
    require_size(x);
    for_each_piece([&](std::size_t first, std::size_t count, std::size_t at, auto bytes) {
      file_.read(slot, at, bytes);
      x.backend().upload(std::as_const(host_).view().middle_rows(0, count),
                         x.values().middle_rows(first, count));
    });
    file_.give_back(slot);
  }

 private:
  static constexpr std::size_t at_once = std::size_t{1} << 20;  // bytes besides the states

  template <class S>
  void require_size(const S& x) const {
    if (x.values().rows != rows_ || x.values().cols != host_.cols())
      throw UsageError("expected states of " + std::to_string(rows_) + " x " +
                       std::to_string(host_.cols()) + " values, found " +
                       std::to_string(x.values().rows) + " x " + std::to_string(x.values().cols) +
                       ": states of other texts or models need a WaitOnDisk of their own");
  }

  /// f(first row, rows, their first byte in the file, their bytes in host_).
  template <class F>
  void for_each_piece(const F& f) {
    const std::size_t row_bytes = sizeof(float) * host_.cols();
    for (std::size_t first = 0; first < rows_; first += rows_at_once_) {
      const std::size_t count = std::min(rows_at_once_, rows_ - first);
      f(first, count, first * row_bytes,
        std::as_writable_bytes(std::span(host_.data(), count * host_.cols())));
    }
  }

  std::size_t rows_, rows_at_once_;
  SpillFile file_;
  tensor::Buffer host_;  // what goes between the state's memory and the file
};

}  // namespace painters::engine
