#include "cli/units.hpp"

#include "support/catch.hpp"

using namespace painters::cli;

TEST_CASE("large numbers have three digits and a unit", "[cli][units]") {
  CHECK(flops_text(0) == "0.00 FLOP");
  CHECK(flops_text(512) == "512 FLOP");
  CHECK(flops_text(1.645e12) == "1.65 TFLOP");
  CHECK(flops_text(999.4e9) == "999 GFLOP");
  CHECK(flops_text(999.6e9) == "1.00 TFLOP");
  CHECK(flops_text(12.34e18) == "12.3 EFLOP");
  CHECK(flops_text(5e24) == "5000 ZFLOP");
  CHECK(flops_text(187.4e9, true) == "187 GFLOP/s");
  CHECK(bytes_text(137.95e9) == "138 GB");
  CHECK(bytes_text(99.96e6) == "100 MB");
  CHECK(count_text(68'976'648'192) == "69.0 billion");
  CHECK(count_text(14'067'712) == "14.1 million");
}

TEST_CASE("estimates of times have two digits and a unit", "[cli][units]") {
  CHECK(estimate_text(0) == "0.00 s");
  CHECK(estimate_text(0.421) == "0.42 s");
  CHECK(estimate_text(1.24) == "1.2 s");
  CHECK(estimate_text(9.96) == "10 s");
  CHECK(estimate_text(99) == "99 s");
  CHECK(estimate_text(200) == "3.3 min");
  CHECK(estimate_text(5999) == "100 min");
  CHECK(estimate_text(18400) == "5.1 h");
  CHECK(estimate_text(1e6) == "12 days");
  CHECK(estimate_text(1e9) == "32 years");
}
