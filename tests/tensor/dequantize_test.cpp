#include <painters/tensor/dequantize.hpp>

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/data.hpp"

using namespace painters::tensor;

namespace {

/// The definition of binary16.
double half_value(unsigned half) {
  const int exponent = half >> 10 & 31, mantissa = half & 1023;
  const double sign = half & 0x8000 ? -1 : 1;
  if (exponent == 31) return mantissa != 0 ? std::nan("") : sign * INFINITY;
  return sign *
         (exponent == 0 ? std::ldexp(mantissa, -24) : std::ldexp(1024 + mantissa, exponent - 25));
}

bool same_bits(float a, float b) {
  return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b) ||
         (std::isnan(a) && std::isnan(b));
}

/// Two hexadecimal digits a byte.
std::vector<std::byte> bytes_of(const std::string& hex) {
  std::vector<std::byte> bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes.push_back(static_cast<std::byte>(std::stoul(hex.substr(i, 2), nullptr, 16)));
  return bytes;
}
/// Eight hexadecimal digits a number.
std::vector<float> floats_of(const std::string& hex) {
  std::vector<float> values;
  for (std::size_t i = 0; i + 7 < hex.size(); i += 8)
    values.push_back(std::bit_cast<float>(
        static_cast<std::uint32_t>(std::stoul(hex.substr(i, 8), nullptr, 16))));
  return values;
}

/// Element j of a block of 32, straight from the formats' definitions; volatile keeps the product
/// and the sum apart.
float element(ElementType type, const unsigned char* b, unsigned j) {
  const auto scale = [&](unsigned at) {
    return static_cast<float>(half_value(b[at] | b[at + 1] << 8));
  };
  const auto nibble = [&](unsigned at) { return j < 16 ? b[at + j] & 15 : b[at + j - 16] >> 4; };
  const auto fifth = [&](unsigned at) { return b[at + j / 8] >> j % 8 & 1; };
  int q = 0;
  bool with_minimum = false;
  switch (type) {
    case ElementType::q8_0:
      q = static_cast<signed char>(b[2 + j]);
      break;
    case ElementType::q4_0:
      q = nibble(2) - 8;
      break;
    case ElementType::q4_1:
      q = nibble(4), with_minimum = true;
      break;
    case ElementType::q5_0:
      q = nibble(6) + 16 * fifth(2) - 16;
      break;
    case ElementType::q5_1:
      q = nibble(8) + 16 * fifth(4), with_minimum = true;
      break;
    default:
      break;
  }
  volatile float product = scale(0) * static_cast<float>(q);
  if (!with_minimum) return product;
  volatile float sum = product + scale(2);
  return sum;
}

}  // namespace

TEST_CASE("all 16-bit floating-point values convert exactly", "[tensor][dequantize]") {
  std::vector<std::uint16_t> all(65536);
  for (unsigned i = 0; i < 65536; ++i) all[i] = static_cast<std::uint16_t>(i);
  std::vector<float> half(65536), bfloat(65536);
  dequantize(ElementType::f16, reinterpret_cast<const std::byte*>(all.data()), 65536, half.data());
  dequantize(ElementType::bf16, reinterpret_cast<const std::byte*>(all.data()), 65536,
             bfloat.data());
  std::size_t wrong = 0;
  for (unsigned i = 0; i < 65536; ++i) {
    wrong += !same_bits(half[i], static_cast<float>(half_value(i)));
    wrong += !same_bits(bfloat[i], std::bit_cast<float>(i << 16));
  }
  CHECK(wrong == 0);
  static_assert(half_to_float(0x3c00) == 1.0f && half_to_float(0x0001) == 0x1p-24f);
}

TEST_CASE("blocks convert to exactly the values of their definition", "[tensor][dequantize]") {
  using enum ElementType;
  std::mt19937 random(1);
  for (const ElementType type : {q8_0, q4_0, q4_1, q5_0, q5_1}) {
    const ElementTraits t = traits(type);
    const std::size_t blocks = 5000;
    std::vector<unsigned char> bytes(1 + blocks * t.block_bytes);
    for (unsigned char& b : bytes) b = static_cast<unsigned char>(random());
    std::vector<float> values(blocks * 32);
    const unsigned char* src = bytes.data() + 1;  // no alignment is needed
    dequantize(type, reinterpret_cast<const std::byte*>(src), values.size(), values.data());
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < values.size(); ++i)
      wrong += !same_bits(
          values[i], element(type, src + i / 32 * t.block_bytes, static_cast<unsigned>(i % 32)));
    INFO(t.name);
    CHECK(wrong == 0);
  }
}

TEST_CASE("blocks convert to the bits that another reader of GGUF gives", "[tensor][dequantize]") {
  // Made by support/make_quantised_blocks.py.
  std::ifstream file(support::source_folder() / "tests/data/quantised_blocks.txt");
  std::set<ElementType> seen;
  std::string name, what, block, expected;
  while (file >> name >> what >> block >> expected) {
    CAPTURE(name, what);
    const auto type = element_type_named(name);
    REQUIRE(type);
    seen.insert(*type);
    const ElementTraits t = traits(*type);
    const std::vector<float> numbers = floats_of(expected);
    REQUIRE(numbers.size() == t.block_elements);
    std::vector<std::byte> bytes = bytes_of(block);
    REQUIRE(bytes.size() == t.block_bytes);
    bytes.insert(bytes.begin(), std::byte{});  // no alignment is needed
    std::vector<float> values(t.block_elements);
    dequantize(*type, bytes.data() + 1, values.size(), values.data());
    std::size_t wrong = 0;  // the sign of a zero counts
    for (std::size_t i = 0; i < values.size(); ++i)
      wrong += std::bit_cast<std::uint32_t>(values[i]) != std::bit_cast<std::uint32_t>(numbers[i]);
    CHECK(wrong == 0);
  }
  CHECK(seen.size() == element_types.size() - 3);  // all but the scalars
}

TEST_CASE("rows convert as their blocks, whatever the blocks hold", "[tensor][dequantize]") {
  std::mt19937 random(2);
  for (const ElementType type : element_types) {
    const ElementTraits t = traits(type);
    INFO(t.name);
    CHECK(element_type_named(t.name) == type);
    const std::size_t blocks = 500;
    std::vector<std::byte> bytes(blocks * t.block_bytes);
    for (std::byte& b : bytes) b = static_cast<std::byte>(random() & 255u);
    std::vector<float> row(blocks * t.block_elements + 1, -1.f), block(t.block_elements);
    dequantize(type, bytes.data(), row.size() - 1, row.data());
    CHECK(row.back() == -1.f);
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < blocks; ++i) {
      dequantize(type, bytes.data() + i * t.block_bytes, block.size(), block.data());
      for (std::size_t j = 0; j < block.size(); ++j)
        wrong += !same_bits(row[i * block.size() + j], block[j]);
    }
    CHECK(wrong == 0);
  }
  CHECK_FALSE(element_type_named("IQ2_XXS"));
}

TEST_CASE("short and partial rows convert, and nothing is written past them",
          "[tensor][dequantize]") {
  const std::uint16_t one = 0x3c00;
  std::vector<std::uint16_t> ones(100, one);
  for (const std::size_t n : {0, 1, 31, 32, 33, 99}) {
    std::vector<float> out(n + 1, -1.f);
    dequantize(ElementType::f16, reinterpret_cast<const std::byte*>(ones.data()), n, out.data());
    CHECK(out[n] == -1.f);
    out.pop_back();
    CHECK(out == std::vector<float>(n, 1.f));
  }
  const float numbers[] = {1.5f, -0.f, 3e38f};
  float copied[3];
  dequantize(ElementType::f32, reinterpret_cast<const std::byte*>(numbers), 3, copied);
  CHECK(std::memcmp(numbers, copied, sizeof numbers) == 0);
}

TEST_CASE("rows of heads come head after head in split-half order", "[tensor][dequantize]") {
  std::vector<float> values(24);  // one column
  for (std::size_t i = 0; i < 24; ++i) values[i] = static_cast<float>(i);
  const auto rows = [&](std::size_t first, std::size_t count, const HeadRows& order) {
    const Weight weight{ElementType::f32, reinterpret_cast<const std::byte*>(&values[first]), count,
                        1, order};
    std::vector<float> found(count);
    for (std::size_t r = 0; r < count; ++r) dequantize_row(weight, r, &found[r]);
    return found;
  };
  using Rows = std::vector<float>;
  CHECK(rows(1, 4, {}) == Rows{1, 2, 3, 4});
  // Two heads of four rows, side by side or with eight others between them.
  CHECK(rows(0, 8, {2, 4, false}) == Rows{0, 1, 2, 3, 4, 5, 6, 7});
  CHECK(rows(0, 8, {2, 4, true}) == Rows{0, 2, 1, 3, 4, 6, 5, 7});
  CHECK(rows(0, 8, {2, 12, false}) == Rows{0, 1, 2, 3, 12, 13, 14, 15});
  CHECK(rows(4, 8, {2, 12, false}) == Rows{4, 5, 6, 7, 16, 17, 18, 19});
  CHECK(rows(8, 8, {2, 12, true}) == Rows{8, 10, 9, 11, 20, 22, 21, 23});
  // Heads of six and of two rows.
  CHECK(rows(0, 6, {1, 6, true}) == Rows{0, 2, 4, 1, 3, 5});
  CHECK(rows(1, 6, {3, 4, true}) == Rows{1, 2, 5, 6, 9, 10});
  // Heads of three rows, where nothing is in pairs.
  CHECK(rows(0, 6, {2, 5, false}) == Rows{0, 1, 2, 5, 6, 7});
}
