// The most memory that a process takes for itself, not counting the pages of mapped files.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <fstream>
#include <string>
#include <thread>

namespace support {

/// The bytes that a line of /proc/self/status names, such as that of "RssAnon:".
inline std::size_t memory_status(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;)
    if (std::size_t kilobytes = 0; word == name && status >> kilobytes) return kilobytes << 10;
  return 0;
}

/// Watches this process, once every millisecond, for as long as it lives.
class AnonymousMemory {
 public:
  AnonymousMemory() : watch_([this] { watch(); }) {}
  ~AnonymousMemory() {
    over_ = true;
    watch_.join();
  }
  AnonymousMemory(const AnonymousMemory&) = delete;
  AnonymousMemory& operator=(const AnonymousMemory&) = delete;

  /// The most bytes so far.
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
