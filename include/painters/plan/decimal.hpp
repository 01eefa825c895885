// Weights as text: decimal numbers to float and back, at compile time too, where the standard
// library cannot.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace painters::plan_detail {

/// digits * 10^exponent.
struct Decimal {
  std::uint64_t digits = 0;
  int exponent = 0;
};

constexpr double power_of_ten(int exponent) {
  double power = 1;
  for (; exponent > 0; --exponent) power *= 10;
  return power;
}

constexpr double scaled(double x, int exponent) {
  return exponent < 0 ? x / power_of_ten(-exponent) : x * power_of_ten(exponent);
}

/// How many decimal digits n has; 0 for 0.
constexpr int digit_count(std::uint64_t n) {
  int count = 0;
  for (; n > 0; n /= 10) ++count;
  return count;
}

/// The nearest float, infinity if it is too large. Computed in double: far more exact than the nine
/// digits that tell two floats apart.
constexpr float to_float(Decimal decimal) {
  const int magnitude = digit_count(decimal.digits) + decimal.exponent;  // value < 10^magnitude
  if (decimal.digits == 0 || magnitude < -45) return 0;
  constexpr float infinity = std::numeric_limits<float>::infinity();
  if (magnitude > 39) return infinity;
  constexpr double largest = std::numeric_limits<float>::max();
  const double value = scaled(static_cast<double>(decimal.digits), decimal.exponent);
  if (value <= largest) return static_cast<float>(value);
  constexpr double half_a_step = largest / (1 << 25);
  return value < largest + half_a_step ? std::numeric_limits<float>::max() : infinity;
}

/// The shortest decimal that to_float turns into x again; x is positive and finite.
constexpr Decimal shortest_decimal(float x) {
  int exponent = 0;  // 10^exponent <= x < 10^(exponent + 1)
  while (scaled(x, -exponent) >= 10) ++exponent;
  while (scaled(x, -exponent) < 1) --exponent;
  Decimal decimal;
  for (int precision = 1; precision <= std::numeric_limits<float>::max_digits10; ++precision) {
    decimal.exponent = exponent - precision + 1;
    decimal.digits = static_cast<std::uint64_t>(scaled(x, -decimal.exponent) + 0.5);
    if (to_float(decimal) == x) break;
  }
  for (; decimal.digits % 10 == 0; decimal.digits /= 10) ++decimal.exponent;
  return decimal;
}

constexpr void append_number(std::vector<char>& out, std::uint64_t number) {
  const std::size_t begin = out.size();
  do out.push_back(static_cast<char>('0' + number % 10));
  while ((number /= 10) > 0);
  for (std::size_t i = begin, j = out.size() - 1; i < j; ++i, --j) {
    const char kept = out[i];
    out[i] = out[j];
    out[j] = kept;
  }
}

constexpr void append_zeros(std::vector<char>& out, int count) {
  for (; count > 0; --count) out.push_back('0');
}

/// 0.5, -3, 1.25e-7: plain where that takes few zeros.
constexpr void append_float(std::vector<char>& out, float x) {
  if (x < 0) out.push_back('-');
  if (x == 0) return out.push_back('0');
  const Decimal decimal = shortest_decimal(x < 0 ? -x : x);
  std::vector<char> digits;
  append_number(digits, decimal.digits);
  const int count = static_cast<int>(digits.size());
  const int point = count + decimal.exponent;  // where the point stands: digits before it
  const auto append_digits = [&](int from, int to) {
    for (; from < to; ++from) out.push_back(digits[static_cast<std::size_t>(from)]);
  };
  if (point > 9 || point < -3) {
    append_digits(0, 1);
    if (count > 1) out.push_back('.');
    append_digits(1, count);
    out.push_back('e');
    if (point < 1) out.push_back('-');
    return append_number(out, static_cast<std::uint64_t>(point < 1 ? 1 - point : point - 1));
  }
  if (point <= 0) {
    out.push_back('0');
    out.push_back('.');
    append_zeros(out, -point);
    return append_digits(0, count);
  }
  append_digits(0, point < count ? point : count);
  append_zeros(out, point - count);
  if (point < count) out.push_back('.');
  append_digits(point, count);
}

}  // namespace painters::plan_detail
