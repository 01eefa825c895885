#include <rapidcheck.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>

#include <painters/plan/decimal.hpp>
#include <painters/plan/scanner.hpp>

#include "support/catch.hpp"

using namespace painters::plan_detail;

namespace {

std::string text_of(float x) {
  std::vector<char> out;
  append_float(out, x);
  return {out.begin(), out.end()};
}

static_assert(Scanner("0.1").decimal() == 0.1f);
static_assert(Scanner("-2.5e-3").decimal() == -2.5e-3f);
static_assert(Scanner("3.4028235e38").decimal() == std::numeric_limits<float>::max());

}  // namespace

TEST_CASE("floats are printed with as few digits as they need", "[plan][decimal]") {
  REQUIRE(text_of(0.0f) == "0");
  REQUIRE(text_of(1.0f) == "1");
  REQUIRE(text_of(-0.5f) == "-0.5");
  REQUIRE(text_of(0.1f) == "0.1");
  REQUIRE(text_of(1.0f / 3) == "0.33333334");
  REQUIRE(text_of(120.0f) == "120");
  REQUIRE(text_of(123456.7f) == "123456.7");
  REQUIRE(text_of(0.001f) == "0.001");
  REQUIRE(text_of(1.25e-7f) == "1.25e-7");
  REQUIRE(text_of(1e20f) == "1e20");
  REQUIRE(text_of(std::numeric_limits<float>::max()) == "3.4028235e38");
  REQUIRE(text_of(std::numeric_limits<float>::denorm_min()) == "1e-45");
}

TEST_CASE("every finite float is read back from its text", "[plan][decimal]") {
  REQUIRE(rc::check([](std::uint32_t bits) {
    const float x = std::bit_cast<float>(bits);
    RC_PRE(std::isfinite(x));
    const std::string text = text_of(x);
    RC_ASSERT(Scanner(text).decimal() == x);
    RC_ASSERT(std::strtof(text.c_str(), nullptr) == x);
  }));
}

TEST_CASE("decimals are read as the standard library reads them", "[plan][decimal]") {
  REQUIRE(rc::check([](std::uint32_t whole_part, std::uint32_t fraction) {
    const int exponent = *rc::gen::inRange(-60, 28);
    const std::string text = std::to_string(whole_part) + "." + std::to_string(fraction) + "e" +
                             std::to_string(exponent);
    RC_ASSERT(Scanner(text).decimal() == std::strtof(text.c_str(), nullptr));
  }));
  for (const char* text : {"0.00000000000000000000000000000000000000000000000000000001",
                           "123456789012345678901234567890", "0.1000000000000000000000000000000001",
                           "1e-99999999999999999999", "0e99999999999999999999"}) {
    CAPTURE(text);
    REQUIRE(Scanner(text).decimal() == std::strtof(text, nullptr));
  }
  REQUIRE_THROWS(Scanner("1e39").decimal());
  REQUIRE_THROWS(Scanner("1e99999999999999999999").decimal());
}
