// Descriptive statistics and the interval of a share. Every interval in this room covers 95 %.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include <boost/math/distributions/normal.hpp>

namespace painters::analysis {

/// The share of intervals that contain the true value.
inline constexpr double confidence = 0.95;

/// A range of values that includes both ends.
struct Interval {
  double lower = 0;  // the least value
  double upper = 0;  // the greatest value

  friend bool operator==(const Interval&, const Interval&) = default;
};

/// The arithmetic mean; NaN for no values.
inline double mean(std::span<const double> values) {
  double sum = 0;
  for (double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

/// The quantile at p in [0, 1], linear between order statistics (type 7 of Hyndman and Fan 1996);
/// NaN for no values.
inline double quantile(std::vector<double> values, double p) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  const double position = p * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(below);
  std::nth_element(values.begin(), at, values.end());
  if (below + 1 == values.size()) return *at;
  const double above = *std::min_element(at + 1, values.end());
  return *at + (position - static_cast<double>(below)) * (above - *at);
}

/// The middle value, or the mean of the two in the middle; NaN for no values.
inline double median(std::vector<double> values) { return quantile(std::move(values), 0.5); }

/// Wilson's score interval of a share of `successes` in `trials` > 0 (Wilson 1927; Brown, Cai and
/// DasGupta 2001): unlike p +- z se it stays in [0, 1] and has a width at 0 and at 1.
inline Interval wilson_interval(double successes, double trials) {
  const double z = boost::math::quantile(boost::math::normal(), (1 + confidence) / 2);
  const double p = successes / trials;
  const double centre = p + z * z / (2 * trials);
  const double reach = z * std::sqrt(p * (1 - p) / trials + z * z / (4 * trials * trials));
  const double scale = 1 + z * z / trials;
  // By definition the ends are exact here, which rounding would spoil.
  return {successes == 0 ? 0.0 : std::max(0.0, (centre - reach) / scale),
          successes == trials ? 1.0 : std::min(1.0, (centre + reach) / scale)};
}

}  // namespace painters::analysis
