// A number measured on a sample of documents, with the values that it takes on resampled documents.
//
// The documents of a task are drawn again, with replacement, `replicates` times (the bootstrap,
// Efron 1979), and every plan sees the same draws. So a difference, ratio, mean or median of
// estimates computed draw by draw is *paired*: luck with the documents that both plans share
// cancels. Intervals are percentile intervals. Tasks have independent draws.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <painters/analysis/statistics.hpp>

namespace painters::analysis {

/// How many draws every estimate has.
inline constexpr std::size_t replicates = 1000;

/// A number and its values on the draws.
class Estimate {
 public:
  /// The number 0, on every draw.
  Estimate() = default;
  /// `draws` has the value on each of the `replicates` draws.
  Estimate(double value, std::vector<double> draws) : value_(value), draws_(std::move(draws)) {}
  /// A number that does not depend on the documents: the same on every draw.
  explicit Estimate(double constant)
      : Estimate(constant, std::vector<double>(replicates, constant)) {}

  /// The value on the documents as they are.
  double value() const { return value_; }
  /// The value on each of the `replicates` draws.
  const std::vector<double>& draws() const { return draws_; }

  /// The percentile interval of the draws, 95 %.
  Interval interval() const {
    return {quantile(draws_, (1 - confidence) / 2), quantile(draws_, (1 + confidence) / 2)};
  }

 private:
  double value_ = 0;
  std::vector<double> draws_ = std::vector<double>(replicates);
};

/// f(a, b), draw by draw.
template <class F>
Estimate combine(const Estimate& a, const Estimate& b, F f) {
  std::vector<double> draws(replicates);
  for (std::size_t i = 0; i < replicates; ++i) draws[i] = f(a.draws()[i], b.draws()[i]);
  return {f(a.value(), b.value()), std::move(draws)};
}

/// The difference, draw by draw.
inline Estimate operator-(const Estimate& a, const Estimate& b) {
  return combine(a, b, [](double x, double y) { return x - y; });
}

/// f(values), draw by draw: `values` holds a number for each of the estimates, at least one.
template <class F>
Estimate combine(std::span<const Estimate> estimates, F f) {
  std::vector<double> draws(replicates), column(estimates.size());
  for (std::size_t i = 0; i < replicates; ++i) {
    for (std::size_t j = 0; j < estimates.size(); ++j) column[j] = estimates[j].draws()[i];
    draws[i] = f(column);
  }
  for (std::size_t j = 0; j < estimates.size(); ++j) column[j] = estimates[j].value();
  return {f(column), std::move(draws)};
}

/// Their mean, draw by draw; at least one.
inline Estimate mean(std::span<const Estimate> estimates) {
  return combine(estimates, [](const std::vector<double>& x) { return mean(std::span(x)); });
}

/// Their median, draw by draw; at least one.
inline Estimate median(std::span<const Estimate> estimates) {
  return combine(estimates, [](const std::vector<double>& x) { return median(x); });
}

/// The draws of one task: which of its documents each draw holds. The same name and count give the
/// same draws on every machine.
class Resampling {
 public:
  /// `task`: its name. `documents`: how many it has; each draw holds as many.
  Resampling(std::string_view task, std::size_t documents) : documents_(documents) {
    std::uint64_t state =
        14695981039346656037u;  // FNV-1a of the name: tasks get streams of their own
    for (char c : task) state = (state ^ static_cast<unsigned char>(c)) * 1099511628211u;
    drawn_.resize(replicates * documents);
    for (auto& index : drawn_) {
      index = static_cast<std::uint32_t>((next(state) >> 32) * documents >> 32);
    }
  }

  /// The mean of `values`, one for each document.
  Estimate mean(std::span<const double> values) const {
    std::vector<double> draws(replicates);
    const std::uint32_t* drawn = drawn_.data();
    for (double& draw : draws) {
      double sum = 0;
      for (std::size_t i = 0; i < documents_; ++i) sum += values[*drawn++];
      draw = sum / static_cast<double>(documents_);
    }
    return {analysis::mean(values), std::move(draws)};
  }

 private:
  // SplitMix64 (Steele, Lea and Flood 2014): a counter, mixed.
  static std::uint64_t next(std::uint64_t& state) {
    std::uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }

  std::size_t documents_;
  std::vector<std::uint32_t> drawn_;
};

/// 0 where the plan is as good as chance, 1 where it is as good as the full model:
/// (score - chance) / (full - chance) ("Transformer Layers as Painters", section 3.2).
/// A draw in which the full model is not above chance has no such scale; `least` keeps the division
/// finite there.
inline Estimate normalised(const Estimate& score, const Estimate& full, double chance,
                           double least) {
  return combine(score, full, [&](double value, double one) {
    return (value - chance) / std::max(one - chance, least);
  });
}

}  // namespace painters::analysis
