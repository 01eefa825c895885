// How much memory of its own, pages of files not counted, a process takes at most.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <fstream>
#include <string>
#include <thread>

namespace support {

/// Bytes of a line of /proc/self/status, such as "RssAnon:".
inline std::size_t memory_status(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;)
    if (std::size_t kilobytes = 0; word == name && status >> kilobytes) return kilobytes << 10;
  return 0;
}

/// Looks at it every millisecond while it lives.
class AnonymousMemory {
 public:
  AnonymousMemory() : watch_([this] { watch(); }) {}
  ~AnonymousMemory() {
    over_ = true;
    watch_.join();
  }
  AnonymousMemory(const AnonymousMemory&) = delete;
  AnonymousMemory& operator=(const AnonymousMemory&) = delete;

  /// The most bytes until now.
  std::size_t peak() const { return std::max(peak_.load(), memory_status("RssAnon:")); }

 private:
  void watch() {
    while (!over_) {
      peak_ = peak();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }

  std::atomic<std::size_t> peak_ = 0;
  std::atomic<bool> over_ = false;
  std::thread watch_;
};

}  // namespace support
