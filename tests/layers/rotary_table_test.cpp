#include <painters/layers/rotary_table.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <vector>

#include <painters/backend/reference.hpp>

#include "support/catch.hpp"

using painters::layers::rotary_angles;
using painters::layers::rotary_frequencies;
using RotaryTable = painters::layers::RotaryTable<painters::backend::Reference>;
using painters::tensor::Buffer;

namespace {

/// The largest error of a cosine or sine, as a multiple of the error that rounding the angle to f32
/// explains.
double worst(const Buffer& table, std::size_t head_dim, double theta) {
  double most = 0;
  for (std::size_t p = 0; p < table.rows(); ++p)
    for (std::size_t i = 0; i < head_dim / 2; ++i) {
      const double exponent = static_cast<double>(2 * i) / static_cast<double>(head_dim);
      const double angle = static_cast<double>(p) / std::pow(theta, exponent);
      // The exponent is rounded by 2^-25, so the frequency by log(theta) times that, and by three
      // units for the power, the quotient and the product.
      const double allowed = 6e-8 * (angle * (3 + std::log(theta) / 2) + 2);
      const auto at = table.view();
      most = std::max(most, std::abs(static_cast<double>(at(p, i)) - std::cos(angle)) / allowed);
      most = std::max(
          most, std::abs(static_cast<double>(at(p, head_dim / 2 + i)) - std::sin(angle)) / allowed);
    }
  return most;
}

}  // namespace

TEST_CASE("the table holds the cosines and sines of all positions", "[layers][rotary]") {
  for (const std::size_t head_dim : {2, 6, 16, 64, 80, 128})
    for (const double theta : {10000.0, 100000.0, 500000.0, 1.0}) {
      CAPTURE(head_dim, theta);
      const Buffer table = rotary_angles(rotary_frequencies(head_dim, theta), 2048);
      REQUIRE(table.rows() == 2048);
      REQUIRE(table.cols() == head_dim);
      CHECK(worst(table, head_dim, theta) < 1);
    }
}

TEST_CASE("frequencies are rounded step by step in f32", "[layers][rotary]") {
  // As in 1.0 / (theta ** (arange(0, d, 2).float() / d)): the exponent is rounded to f32, which
  // counts log(theta) times; the power and the quotient are rounded once more.
  CHECK(rotary_frequencies(0, 10000).empty());
  CHECK(rotary_frequencies(2, 10000) == std::vector<float>{1});
  for (const std::size_t columns : {4, 6, 20, 64, 80, 96, 128})
    for (const double theta : {1.0, 500.0, 10000.0, 100000.0, 1e6}) {
      CAPTURE(columns, theta);
      const std::vector<float> frequencies = rotary_frequencies(columns, theta);
      REQUIRE(frequencies.size() == columns / 2);
      double most = 0;
      for (std::size_t i = 0; i < frequencies.size(); ++i) {
        const float exponent = static_cast<float>(2 * i) / static_cast<float>(columns);
        const double expected = std::pow(theta, -static_cast<double>(exponent));
        most = std::max(most, std::abs(static_cast<double>(frequencies[i]) / expected - 1));
      }
      CHECK(most < 2e-7);
    }
}

TEST_CASE("a table has the angles of the frequencies that it is given", "[layers][rotary]") {
  // Frequencies that follow no formula, like scaled ones.
  const std::vector<float> frequencies{1, 0.1234567f, 3.5f, 0, 1e-6f};
  const Buffer table = rotary_angles(frequencies, 8192);
  REQUIRE(table.cols() == 10);
  double most = 0;
  for (std::size_t i = 0; i < frequencies.size(); ++i)
    for (std::size_t p = 0; p < table.rows(); ++p) {
      // The angle is rounded to f32, as in other implementations.
      const double angle = static_cast<double>(static_cast<float>(p) * frequencies[i]);
      const auto at = table.view();
      most = std::max(most, std::abs(static_cast<double>(at(p, i)) - std::cos(angle)));
      most = std::max(most, std::abs(static_cast<double>(at(p, 5 + i)) - std::sin(angle)));
    }
  CHECK(most < 1e-7);
}

TEST_CASE("a table of no frequencies has no columns", "[layers][rotary]") {
  CHECK(rotary_angles({}, 3).cols() == 0);
}

TEST_CASE("a table that grows keeps its values, and older ones stay valid", "[layers][rotary]") {
  painters::backend::Reference backend;
  const RotaryTable rotary(rotary_frequencies(16, 10000));
  const auto first = rotary.up_to(backend, 1);
  CHECK(first->rows() >= 1);
  CHECK(rotary.up_to(backend, first->rows()) == first);  // nothing to do
  const auto second = rotary.up_to(backend, first->rows() + 1);
  CHECK(second != first);
  CHECK(second->rows() > first->rows());
  CHECK(rotary.up_to(backend, 3) == second);
  for (std::size_t p = 0; p < first->rows(); ++p)
    for (std::size_t c = 0; c < 16; ++c) REQUIRE(first->view()(p, c) == second->view()(p, c));
  CHECK(rotary.up_to(backend, 100000)->rows() >= 100000);
}
