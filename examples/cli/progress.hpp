// A progress bar on the terminal: for work over two seconds, with its rate and the time left.
#pragma once

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include <painters/engine/progress.hpp>

namespace painters::cli {

/// "45 s", "3 min 20 s", "2 h 05 min".
inline std::string duration_text(double seconds) {
  const auto s = static_cast<long long>(std::llround(std::min(seconds, 3.6e8)));
  if (s < 60) return fmt::format("{} s", s);
  if (s < 3600) return fmt::format("{} min {:02} s", s / 60, s % 60);
  return fmt::format("{} h {:02} min", s / 3600, s / 60 % 60);
}

/// One line of at most `width` columns: on a narrow terminal it loses first the bar, then what
/// sharing saves, the rate, the label. Getting to `now` took `seconds`.
inline std::string progress_line(std::string_view label, const engine::SweepProgress& now,
                                 double seconds, std::size_t width) {
  const double rate = seconds > 0 ? static_cast<double>(now.done) / seconds : 0;
  const std::string percent = fmt::format("{:3.0f}%", std::floor(100 * now.share));
  const std::string left =
      now.share > 0 ? duration_text(seconds * (1 - now.share) / now.share) + " left" : "";
  const std::string counts = fmt::format("{}  {}/{} layer runs, {:.{}f}/s", percent, now.done,
                                         now.total, rate, rate < 10 ? 1 : 0);
  const std::string tail = fmt::format("{}  {}", counts, left);
  const std::string shared =
      now.sharing > 1.05 ? fmt::format("{}, {:.1f}x saved by sharing", tail, now.sharing) : tail;
  const std::size_t beside_bar = label.size() + shared.size() + 4;
  if (width >= beside_bar + 10) {
    std::string bar(std::min<std::size_t>(width - beside_bar, 40), '.');
    std::fill_n(bar.begin(), static_cast<std::size_t>(now.share * static_cast<double>(bar.size())),
                '#');
    return fmt::format("{} [{}] {}", label, bar, shared);
  }
  for (const std::string& line :
       {fmt::format("{} {}", label, shared), fmt::format("{} {}", label, tail),
        fmt::format("{} {}  {}", label, percent, left), fmt::format("{}  {}", percent, left),
        percent})
    if (line.size() <= width) return line;
  return "";
}

/// Draws on standard error, and only if that is a terminal. Use from one thread.
class Progress {
 public:
  explicit Progress(std::string label) : label_(std::move(label)) {}
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void update(const engine::SweepProgress& progress) {
    const auto now = Clock::now();
    if (!shown_ || now < next_) return;
    next_ = now + std::chrono::milliseconds(200);
    winsize size{};
    const std::size_t width =
        ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
    const double seconds = std::chrono::duration<double>(now - start_).count();
    const std::string line = progress_line(label_, progress, seconds, width - 1);
    std::fprintf(stderr, "\r%s\x1b[K", line.c_str());
    std::fflush(stderr);
    drawn_ = true;
  }

  /// Removes the bar; called before anything else is printed.
  void clear() {
    if (drawn_) std::fputs("\r\x1b[K", stderr);
    drawn_ = false;
  }

 private:
  using Clock = std::chrono::steady_clock;

  static bool is_terminal() {
    const char* kind = std::getenv("TERM");
    return isatty(STDERR_FILENO) != 0 && kind && std::string_view(kind) != "dumb";
  }

  std::string label_;
  bool shown_ = is_terminal();
  bool drawn_ = false;
  Clock::time_point start_ = Clock::now();
  Clock::time_point next_ = start_ + std::chrono::seconds(2);
};

}  // namespace painters::cli
