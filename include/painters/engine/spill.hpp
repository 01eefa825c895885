// States that wait on disk, for sweeps whose states do not fit in memory.
#pragma once

#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <painters/error.hpp>
#include <painters/layers/hidden_states.hpp>
#include <painters/tensor/buffer.hpp>

namespace painters::engine {

/// A file without a name, for blocks of equal size; it goes when this goes.
class SpillFile {
 public:
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

  /// Writes a block, and says where it is. Throws Error, for instance on a full disk.
  std::size_t write(const void* data) {
    std::size_t slot = slots_;
    if (free_.empty())
      ++slots_;
    else
      slot = free_.back(), free_.pop_back();
    const char* bytes = static_cast<const char*>(data);
    move(slot, [&](std::size_t done, off_t at) {
      return ::pwrite(file_, bytes + done, block_ - done, at);
    });
    return slot;
  }

  /// Reads a block back and frees its place.
  void take(std::size_t slot, void* data) {
    char* bytes = static_cast<char*>(data);
    move(slot, [&](std::size_t done, off_t at) {
      return ::pread(file_, bytes + done, block_ - done, at);
    });
    free_.push_back(slot);
  }

 private:
  static std::filesystem::path default_folder() {
    if (const char* own = std::getenv("TMPDIR"); own && *own) return own;
    std::error_code error;
    if (std::filesystem::is_directory("/var/tmp", error)) return "/var/tmp";  // not in memory
    return std::filesystem::temp_directory_path();
  }

  template <class F>
  void move(std::size_t slot, const F& some) {
    for (std::size_t done = 0; done < block_;) {
      errno = 0;
      const ssize_t count = some(done, static_cast<off_t>(slot * block_ + done));
      if (count <= 0 && errno != EINTR) fail(errno);
      if (count > 0) done += static_cast<std::size_t>(count);
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
  std::size_t slots_ = 0;
  std::vector<std::size_t> free_;
};

/// For sweep(): states (layers::HiddenStates of one batch) wait in a SpillFile.
class WaitOnDisk {
 public:
  /// A state that is over gives its memory back: sweep() keeps none for others.
  static constexpr bool reuses_memory = false;

  /// `state_bytes`: of each state. Throws Error if no file can be made.
  explicit WaitOnDisk(std::size_t state_bytes) : file_(state_bytes) {}

  /// Writes x and lets go of its memory. Throws Error, for instance on a full disk.
  template <class S>
  void set_aside(S& x) {
    slots_[&x] = file_.write(on_host(x).data());
    x.release();
  }

  /// Reads back x, which has to be where it was when it was set aside. Throws Error.
  template <class S>
  void bring_back(S& x) {
    x.allocate();
    const auto slot = slots_.find(&x);
    tensor::Buffer values(x.values().rows, x.values().cols);
    file_.take(slot->second, values.data());
    x.backend().upload(std::as_const(values).view(), x.values());
    slots_.erase(slot);
  }

 private:
  SpillFile file_;
  std::map<const void*, std::size_t> slots_;
};

}  // namespace painters::engine
