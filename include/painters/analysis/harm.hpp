// How much each variant harms the model: its median normalised score, averaged over windows.
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <span>
#include <vector>

#include <painters/analysis/study.hpp>
#include <painters/analysis/variant.hpp>

namespace painters::analysis {

/// Windows below this size hardly tell the variants apart; with one layer most of them are the full
/// model.
inline constexpr std::size_t smallest_compared_window = 5;

/// How much a model keeps under a variant.
struct Harm {
  Variant variant;  // one of window_variants
  /// The median over tasks of the normalised score, averaged over the compared windows.
  Estimate score;
};

/// The curves of all window variants, computed once, and what is compared between them.
class Curves {
 public:
  /// The study is not needed afterwards.
  explicit Curves(const Study& study) {
    for (Variant variant : window_variants) curves_[variant] = study.curve(variant);
    for (const Point& point : curves_.at(window_variants.front())) {
      const bool everywhere =
          std::all_of(window_variants.begin(), window_variants.end(), [&](Variant m) {
            const Point* other = at(m, point.affected);
            return other && other->median;
          });
      if (everywhere && point.affected >= smallest_compared_window)
        compared_.push_back(point.affected);
    }
  }

  /// By window size, ascending. Throws std::out_of_range for a variant outside window_variants.
  const std::vector<Point>& of(Variant variant) const { return curves_.at(variant); }

  /// The point of a window size, or nullptr.
  const Point* at(Variant variant, std::size_t affected) const {
    for (const Point& point : curves_.at(variant))
      if (point.affected == affected) return &point;
    return nullptr;
  }

  /// The windows that every variant has done on all tasks, from smallest_compared_window layers on.
  const std::vector<std::size_t>& compared() const { return compared_; }

  /// The mean median score over `windows`, which the variant has done; there is at least one.
  Estimate mean_median(Variant variant, std::span<const std::size_t> windows) const {
    std::vector<Estimate> medians;
    for (std::size_t affected : windows) medians.push_back(*at(variant, affected)->median);
    return mean(medians);
  }

  /// From the most harmful to the mildest; empty while there is no window to compare.
  std::vector<Harm> order_of_harm() const {
    std::vector<Harm> order;
    if (compared_.empty()) return order;
    for (Variant variant : window_variants)
      order.push_back({variant, mean_median(variant, compared_)});
    std::stable_sort(order.begin(), order.end(), [](const Harm& a, const Harm& b) {
      return a.score.value() < b.score.value();
    });
    return order;
  }

 private:
  std::map<Variant, std::vector<Point>> curves_;
  std::vector<std::size_t> compared_;
};

}  // namespace painters::analysis
