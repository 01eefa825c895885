#include <painters/analysis/estimate.hpp>
#include <painters/analysis/statistics.hpp>

#include <cmath>

#include "support/catch.hpp"

using namespace painters::analysis;

TEST_CASE("the median is the middle value, or halfway between the two middle ones", "[analysis]") {
  CHECK(median(std::vector<double>{3, 1, 2}) == 2);
  CHECK(median(std::vector<double>{4, 1, 3, 2}) == 2.5);
  CHECK(std::isnan(median(std::vector<double>{})));
}

TEST_CASE("a quantile lies linearly between order statistics", "[analysis]") {
  CHECK(quantile({0, 10, 20, 30, 40}, 0.1) == Approx(4));
  CHECK(quantile({5, 1}, 0) == 1);
  CHECK(quantile({5, 1}, 1) == 5);
}

TEST_CASE("Wilson's interval has the published values and a width at both ends", "[analysis]") {
  // Newcombe 1998, table I, method 3: 81 of 263, 0 of 20, 29 of 29.
  const Interval a = wilson_interval(81, 263), b = wilson_interval(0, 20),
                 c = wilson_interval(29, 29);
  CHECK(a.lower == Approx(0.2553).margin(5e-5));
  CHECK(a.upper == Approx(0.3662).margin(5e-5));
  CHECK(b.lower == 0);
  CHECK(b.upper == Approx(0.1611).margin(5e-5));
  CHECK(c.lower == Approx(0.8830).margin(5e-5));
  CHECK(c.upper == 1);
}

TEST_CASE("a bootstrap interval is about as wide as theory says, and always the same",
          "[analysis]") {
  std::vector<double> values;
  for (int i = 0; i < 400; ++i) values.push_back(i % 4 == 0);
  const Estimate estimate = Resampling("task", 400).mean(values);
  CHECK(estimate.value() == 0.25);
  const double reach = 1.96 * std::sqrt(0.25 * 0.75 / 400);
  CHECK(estimate.interval().lower == Approx(0.25 - reach).margin(0.006));
  CHECK(estimate.interval().upper == Approx(0.25 + reach).margin(0.006));
  CHECK(Resampling("task", 400).mean(values).draws() == estimate.draws());
  CHECK(Resampling("other", 400).mean(values).draws() != estimate.draws());
}

TEST_CASE("every document is drawn", "[analysis]") {
  const Resampling resampling("task", 7);
  for (std::size_t i = 0; i < 7; ++i) {
    std::vector<double> one(7);
    one[i] = 1;
    CHECK(mean(std::span(resampling.mean(one).draws())) == Approx(1.0 / 7).margin(0.02));
  }
}

TEST_CASE("differences of plans are paired: what both share cancels", "[analysis]") {
  std::vector<double> a, b;
  for (int i = 0; i < 100; ++i) a.push_back(i % 2), b.push_back(i % 2 && i > 9);
  const Resampling resampling("task", 100);
  const Interval paired = (resampling.mean(a) - resampling.mean(b)).interval();
  CHECK(paired.lower > 0);  // two unpaired shares of 0.5 and 0.45 could not tell
  const Interval itself = (resampling.mean(a) - resampling.mean(a)).interval();
  CHECK(itself == Interval{0, 0});
}

TEST_CASE("a normalised score is 0 at chance and 1 at the full model", "[analysis]") {
  const Estimate full(0.75);
  CHECK(normalised(Estimate(0.25), full, 0.25, 0.01).value() == 0);
  CHECK(normalised(full, full, 0.25, 0.01).value() == 1);
  CHECK(normalised(Estimate(0.5), full, 0.25, 0.01).value() == 0.5);
  CHECK(normalised(Estimate(0.0), full, 0.25, 0.01).value() == -0.5);
}

TEST_CASE("a median of estimates is taken draw by draw", "[analysis]") {
  const std::vector<Estimate> three{Estimate(1), Estimate(5), Estimate(2)};
  CHECK(median(three).value() == 2);
  CHECK(median(three).interval() == Interval{2, 2});
  CHECK(mean(three).value() == Approx(8.0 / 3));
}
