// Vectors made with CPython 3: random.seed(seed); random.shuffle(list), getrandbits.
#include <vector>

#include <painters/plan/combinators.hpp>
#include <painters/plan/cpython_random.hpp>
#include <painters/plan/literal.hpp>
#include <painters/plan/stream.hpp>

#include "support/catch.hpp"

using namespace painters;

namespace {

constexpr std::uint32_t first_bits(std::uint64_t seed) {
  return CPythonRandom(seed).getrandbits(32);
}
static_assert(first_bits(0u) == 3626764237u);
static_assert(first_bits(1u) == 577090037u);
static_assert(first_bits(42u) == 2746317213u);
static_assert(first_bits(4294967295u) == 2728839433u);
static_assert(first_bits(4294967296u) == 485306839u);
static_assert(first_bits(9223372036854775813u) == 1478493593u);
static_assert(first_bits(18446744073709551615u) == 93740670u);

constexpr auto all = Sequence<32>{};

static_assert((all | window<13, 19>(Shuffle<0>{})) ==
              "0..12, 17, 15, 14, 13, 18, 16, 19, 20..31"_plan);
static_assert((all | window<13, 19>(Shuffle<1>{})) ==
              "0..12, 16, 19, 18, 15, 13, 17, 14, 20..31"_plan);
static_assert((all | window<13, 19>(Shuffle<2>{})) ==
              "0..12, 15, 16, 14, 17, 18, 13, 19, 20..31"_plan);
static_assert((all | window<11, 21>(Shuffle<0>{})) ==
              "0..10, 19, 20, 12, 13, 16, 14, 18, 15, 11, 21, 17, 22..31"_plan);

}  // namespace

TEST_CASE("random orders of windows are CPython's", "[plan][random]") {
  struct Vector {
    std::size_t first, last;
    std::uint64_t seed;
    std::vector<std::uint32_t> layers;
  };
  const std::vector<Vector> vectors{
      {13, 19, 0u, {17, 15, 14, 13, 18, 16, 19}},
      {13, 19, 1u, {16, 19, 18, 15, 13, 17, 14}},
      {13, 19, 2u, {15, 16, 14, 17, 18, 13, 19}},
      {11, 21, 0u, {19, 20, 12, 13, 16, 14, 18, 15, 11, 21, 17}},
      {11, 21, 1u, {17, 19, 21, 18, 16, 14, 11, 15, 12, 20, 13}},
      {11, 21, 2u, {18, 21, 14, 15, 13, 19, 17, 16, 20, 12, 11}},
      {9, 15, 0u, {13, 11, 10, 9, 14, 12, 15}},
      {3, 9, 0u, {7, 5, 4, 3, 8, 6, 9}},
      {4, 76, 1099511627783u, {9,  48, 17, 39, 38, 75, 28, 35, 55, 21, 43, 63, 4,  23, 53,
                               49, 10, 47, 68, 11, 24, 25, 31, 19, 45, 29, 62, 33, 69, 30,
                               16, 58, 34, 22, 26, 7,  13, 44, 5,  41, 66, 46, 56, 76, 8,
                               74, 6,  14, 40, 71, 37, 51, 12, 15, 42, 72, 32, 65, 57, 18,
                               27, 67, 59, 61, 60, 54, 50, 73, 52, 70, 20, 36, 64}},
  };
  for (const Vector& vector : vectors) {
    const Plan shuffled = Sequence{vector.first, vector.last} | Shuffle{vector.seed};
    std::vector<std::uint32_t> layers;
    for (std::size_t i = 0; i < shuffled.size(); ++i) layers.push_back(PlanView(shuffled)[i].value);
    CAPTURE(vector.seed);
    REQUIRE(layers == vector.layers);
  }
}

TEST_CASE("a long list uses up the state and renews it as CPython does", "[plan][random]") {
  std::vector<std::uint32_t> list(2000);
  for (std::uint32_t i = 0; i < list.size(); ++i) list[i] = i;
  CPythonRandom(7).shuffle(list);
  std::uint32_t digest = 0;
  for (const std::uint32_t x : list) digest = digest * 31 + x;
  REQUIRE(digest == 1468965452u);
}
