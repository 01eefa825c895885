#include <painters/layers/rotary_table.hpp>

#include <cmath>
#include <cstddef>
#include <memory>

#include "support/catch.hpp"

using painters::layers::RotaryTable;
using painters::tensor::Buffer;

namespace {

/// The largest error of a cosine or sine, as a multiple of what an angle that was rounded to f32
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
      const RotaryTable rotary(head_dim, theta);
      const auto table = rotary.up_to(2048);
      REQUIRE(table->rows() >= 2048);
      REQUIRE(table->cols() == head_dim);
      CHECK(worst(*table, head_dim, theta) < 1);
    }
}

TEST_CASE("frequencies are rounded step by step in f32", "[layers][rotary]") {
  // What torch gives for 1.0 / (theta ** (arange(0, d, 2).float() / d)), theta 100000, d 64; a
  // position of 1 shows the frequency itself where it is small.
  const RotaryTable rotary(64, 100000);
  const auto table = rotary.up_to(8192);
  for (std::size_t i = 0; i < 32; ++i) {
    const float exponent = static_cast<float>(2 * i) / 64.0f;
    const float frequency = 1.0f / std::pow(100000.0f, exponent);
    for (const std::size_t p : {1, 100, 8191}) {
      const double angle = static_cast<double>(static_cast<float>(p) * frequency);
      CHECK(static_cast<double>(table->view()(p, i)) == Approx(std::cos(angle)).margin(1e-7));
      CHECK(static_cast<double>(table->view()(p, 32 + i)) == Approx(std::sin(angle)).margin(1e-7));
    }
  }
}

TEST_CASE("a table that grows keeps its values, and older ones stay valid", "[layers][rotary]") {
  const RotaryTable rotary(16, 10000);
  const auto first = rotary.up_to(1);
  CHECK(first->rows() >= 1);
  CHECK(rotary.up_to(first->rows()) == first);  // nothing to do
  const auto second = rotary.up_to(first->rows() + 1);
  CHECK(second != first);
  CHECK(second->rows() > first->rows());
  CHECK(rotary.up_to(3) == second);
  for (std::size_t p = 0; p < first->rows(); ++p)
    for (std::size_t c = 0; c < 16; ++c) REQUIRE(first->view()(p, c) == second->view()(p, c));
  CHECK(rotary.up_to(100000)->rows() >= 100000);
}
