// The progress of long work, reported while it runs.
#pragma once

#include <cstddef>
#include <functional>

namespace painters::engine {

/// How far the work has come.
struct SweepProgress {
  std::size_t done = 0, total = 0;  // distinct applications of layers, each to the tokens of a pass
  double share = 0;                 // of the work that is done: applications weighted by tokens
  double sharing = 1;  // work without sharing between plans and texts, over work with it
};

/// Called before each application of a layer, and at the end. An exception that it throws ends the
/// work.
using OnProgress = std::function<void(const SweepProgress&)>;

/// Counts applications and reports them.
class Meter {
 public:
  /// on_progress may be empty; it must outlive this.
  explicit Meter(const OnProgress& on_progress) : on_progress_(on_progress) {}

  /// Announces so many applications, each to so many tokens.
  void expect(std::size_t applications, std::size_t tokens) {
    now_.total += applications;
    all_work_ += static_cast<double>(applications) * static_cast<double>(tokens);
  }
  /// Adds the work that sharing is measured against: so many calls, each on so many tokens.
  void compare(double calls, double tokens) { one_by_one_ += calls * tokens; }

  /// Reports progress, then counts an application to so many tokens that is about to begin.
  void count(std::size_t tokens) {
    tell();
    ++now_.done;
    work_ += static_cast<double>(tokens);
  }
  /// Reports that everything is done.
  void finish() {
    work_ = all_work_;
    now_.done = now_.total;
    tell();
  }

 private:
  void tell() {
    now_.share = all_work_ > 0 ? work_ / all_work_ : 1;
    now_.sharing = all_work_ > 0 ? one_by_one_ / all_work_ : 1;
    if (on_progress_) on_progress_(now_);
  }

  const OnProgress& on_progress_;
  SweepProgress now_;
  double work_ = 0, all_work_ = 0, one_by_one_ = 0;  // applications times tokens
};

}  // namespace painters::engine
