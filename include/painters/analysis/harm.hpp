// How much each method harms the model: its median normalised score, averaged over windows.
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <span>
#include <vector>

#include <painters/analysis/study.hpp>

namespace painters::analysis {

/// Windows below this size hardly tell the methods apart, or not at all: with one layer most are
/// the full model.
inline constexpr std::size_t smallest_compared_window = 5;

/// How much a model keeps under a method.
struct Harm {
  Method method;  // one of window_methods
  Estimate
      score;  // mean over the compared windows of the median over tasks of the normalised score
};

/// The curves of all window methods, computed once, and what is compared between them.
class Curves {
 public:
  /// The study is not needed afterwards.
  explicit Curves(const Study& study) {
    for (Method method : window_methods) curves_[method] = study.curve(method);
    for (const Point& point : curves_.at(window_methods.front())) {
      const bool everywhere =
          std::all_of(window_methods.begin(), window_methods.end(), [&](Method m) {
            const Point* other = at(m, point.affected);
            return other && other->median;
          });
      if (everywhere && point.affected >= smallest_compared_window)
        compared_.push_back(point.affected);
    }
  }

  /// By window size, ascending. Throws std::out_of_range for what is not one of window_methods.
  const std::vector<Point>& of(Method method) const { return curves_.at(method); }

  /// The point of a window size, or nullptr.
  const Point* at(Method method, std::size_t affected) const {
    for (const Point& point : curves_.at(method))
      if (point.affected == affected) return &point;
    return nullptr;
  }

  /// The windows that every method has done on all tasks, from smallest_compared_window layers on.
  const std::vector<std::size_t>& compared() const { return compared_; }

  /// The mean median score over `windows`, which the method has done; there is at least one.
  Estimate mean_median(Method method, std::span<const std::size_t> windows) const {
    std::vector<Estimate> medians;
    for (std::size_t affected : windows) medians.push_back(*at(method, affected)->median);
    return mean(medians);
  }

  /// From the most harmful to the mildest; empty while there is no window to compare.
  std::vector<Harm> order_of_harm() const {
    std::vector<Harm> order;
    if (compared_.empty()) return order;
    for (Method method : window_methods) order.push_back({method, mean_median(method, compared_)});
    std::stable_sort(order.begin(), order.end(), [](const Harm& a, const Harm& b) {
      return a.score.value() < b.score.value();
    });
    return order;
  }

 private:
  std::map<Method, std::vector<Point>> curves_;
  std::vector<std::size_t> compared_;
};

}  // namespace painters::analysis
