#include <painters/engine/top_logits.hpp>

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "support/catch.hpp"

using namespace painters;
using Numbers = std::vector<std::size_t>;

TEST_CASE("the largest logits come first, equal ones by number, and NaN last", "[engine][logits]") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> logits{1, nan, 3, -2, 3, nan};
  CHECK(engine::top_logits(logits, 3) == Numbers{2, 4, 0});
  CHECK(engine::top_logits(logits, 100) == Numbers{2, 4, 0, 3, 1, 5});
  CHECK(engine::top_logits(logits, 0).empty());
  CHECK(engine::top_logits({}, 2).empty());
}

TEST_CASE("logits minus the logarithm of the sum of their exponentials are log-probabilities",
          "[engine][logits]") {
  const std::vector<float> small{0.5f, -1.0f, 2.0f};
  CHECK(std::abs(engine::log_sum_exp(small) -
                 std::log(std::exp(0.5) + std::exp(-1.0) + std::exp(2.0))) < 1e-12);
  const std::vector<float> large{1000.0f, 1000.0f};  // their exponentials have no number
  CHECK(std::abs(engine::log_sum_exp(large) - (1000 + std::log(2.0))) < 1e-12);
}

TEST_CASE("the sum of no exponentials is nothing, and one beyond all others is that",
          "[engine][logits]") {
  const float infinity = std::numeric_limits<float>::infinity();
  CHECK(engine::log_sum_exp({}) == -infinity);
  CHECK(engine::log_sum_exp(std::vector<float>{-infinity, -infinity}) == -infinity);
  CHECK(engine::log_sum_exp(std::vector<float>{1, infinity}) == infinity);
}
