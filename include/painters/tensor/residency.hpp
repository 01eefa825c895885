// When the pages of a memory map are read and given back. Nothing here changes what bytes hold,
// wherever they lie.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <span>
#include <thread>

namespace painters::tensor {

namespace detail {

inline std::uintptr_t page_size() {
  static const auto bytes = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  return bytes;
}

/// madvise(); false where the system does not know the advice or cannot follow it.
inline bool advise(std::uintptr_t first, std::uintptr_t last, int advice) {
  return first >= last || ::madvise(reinterpret_cast<void*>(first), last - first, advice) == 0;
}

}  // namespace detail

/// Lets the system take back, at once, the memory of the pages that hold nothing but these bytes of
/// a memory map; they are read from their file again when they are touched. The system may decline,
/// as Linux does for the files of other users.
inline void drop_behind(std::span<const std::byte> bytes) {
#ifdef MADV_PAGEOUT
  const std::uintptr_t page = detail::page_size();
  const auto begin = reinterpret_cast<std::uintptr_t>(bytes.data());
  detail::advise((begin + page - 1) / page * page, (begin + bytes.size()) / page * page,
                 MADV_PAGEOUT);
#else
  static_cast<void>(bytes);
#endif
}

/// Reads the pages of memory maps before they are needed, in a thread that waits for the disk in
/// place of those that compute.
class ReadAhead {
 public:
  ReadAhead() = default;
  /// Leaves unread what is not read yet.
  ~ReadAhead() {
    {
      const std::lock_guard lock(mutex_);
      over_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
  }
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;

  /// Names what was asked for.
  using Id = std::uint64_t;

  /// These bytes next, after what is asked for already. They must stay mapped until they are read
  /// or forgotten.
  Id read(std::span<const std::byte> bytes) {
    Id id = 0;
    {
      const std::lock_guard lock(mutex_);
      id = ++last_;
      waiting_.push_back({id, bytes});
      if (!thread_.joinable()) thread_ = std::thread([this] { work(); });
    }
    changed_.notify_all();
    return id;
  }

  /// Leaves unread what is not read yet of what was asked for as `id`; when this comes back nothing
  /// touches those bytes any more.
  void forget(Id id) {
    std::unique_lock lock(mutex_);
    std::erase_if(waiting_, [id](const Wish& wish) { return wish.id == id; });
    changed_.wait(lock, [this, id] { return reading_ != id; });
  }

 private:
  static constexpr std::size_t at_once = std::size_t{8}
                                         << 20;  // bytes: what a destructor waits for

  struct Wish {
    Id id;
    std::span<const std::byte> bytes;  // not read yet
  };

  void work() {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return over_ || !waiting_.empty(); });
      if (over_) return;
      Wish& first = waiting_.front();
      const auto piece = first.bytes.first(std::min(first.bytes.size(), at_once));
      reading_ = first.id;
      first.bytes = first.bytes.subspan(piece.size());
      if (first.bytes.empty()) waiting_.pop_front();
      lock.unlock();
      bring(piece);
      lock.lock();
      reading_ = 0;
      changed_.notify_all();
    }
  }

  static void bring(std::span<const std::byte> bytes) {
    const std::uintptr_t page = detail::page_size();
    const auto begin = reinterpret_cast<std::uintptr_t>(bytes.data());
    const std::uintptr_t first = begin / page * page, last = begin + bytes.size();
#ifdef MADV_POPULATE_READ
    if (detail::advise(first, last, MADV_POPULATE_READ)) return;
#endif
    detail::advise(first, last, MADV_WILLNEED);
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Wish> waiting_;
  Id last_ = 0;     // that was handed out
  Id reading_ = 0;  // what a piece is being read of; 0 for nothing
  bool over_ = false;
  std::thread thread_;  // since the first read()
};

}  // namespace painters::tensor
