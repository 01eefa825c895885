// Large numbers for people: three digits and a unit.
#pragma once

#include <cstddef>
#include <string>

#include <fmt/format.h>

namespace painters::cli {

namespace detail {

/// Three digits, or as many as the whole number has.
inline std::string three_digits(double x) {
  return fmt::format("{:.{}f}", x, x < 9.995 ? 2 : x < 99.95 ? 1 : 0);
}

/// In the largest of the units that gives at least 1; each is `step` times the one before.
template <std::size_t Units>
std::string with_unit(double x, double step, const char* const (&units)[Units]) {
  std::size_t unit = 0;
  for (; x >= step * 0.9995 && unit + 1 < Units; x /= step) ++unit;
  return three_digits(x) + " " + units[unit];
}

}  // namespace detail

/// "1.64 TFLOP"; with `per_second` "187 GFLOP/s".
inline std::string flops_text(double flops, bool per_second = false) {
  return detail::with_unit(
             flops, 1000, {"FLOP", "kFLOP", "MFLOP", "GFLOP", "TFLOP", "PFLOP", "EFLOP", "ZFLOP"}) +
         (per_second ? "/s" : "");
}

/// "138 GB", in powers of 1000.
inline std::string bytes_text(double bytes) {
  return detail::with_unit(bytes, 1000, {"B", "kB", "MB", "GB", "TB", "PB"});
}

/// "69.0 billion".
inline std::string count_text(double count) {
  return detail::with_unit(count, 1000, {"", "thousand", "million", "billion"});
}

/// An estimate of a time: "0.42 s", "35 s", "3.2 min", "5.1 h", "12 days".
inline std::string estimate_text(double seconds) {
  const auto two_digits = [](double x) { return fmt::format("{:.{}f}", x, x < 9.95 ? 1 : 0); };
  if (seconds < 0.95) return fmt::format("{:.2f} s", seconds);
  if (seconds < 100) return two_digits(seconds) + " s";
  if (seconds < 100 * 60) return two_digits(seconds / 60) + " min";
  if (seconds < 48 * 3600) return two_digits(seconds / 3600) + " h";
  if (seconds < 1000 * 86400.0) return two_digits(seconds / 86400) + " days";
  return fmt::format("{:.0f} years", seconds / (365.25 * 86400));
}

}  // namespace painters::cli
