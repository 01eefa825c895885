// Every operation of every backend against plain loops in double precision.
#include <painters/backend/concept.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "support/backends.hpp"
#include "support/catch.hpp"
#include "support/doubles.hpp"
#include "support/random.hpp"

using namespace painters;
using support::Doubles;
using support::Framed;
using support::Random;

namespace {

using enum tensor::ElementType;

/// Row counts around the blocks of 24 and 96 rows.
constexpr std::size_t row_counts[] = {1, 2, 3, 7, 23, 24, 25, 95, 96, 97, 130, 257};

/// What rounding may change in a sum of products: a few units in the last place of the sum of their
/// sizes.
Doubles sizes_of_products(const Doubles& x, const Doubles& w) {
  Doubles a = x, b = w;
  for (double& value : a.values) value = std::abs(value);
  for (double& value : b.values) value = std::abs(value);
  return support::product(a, b);
}
constexpr double product_tolerance = 1e-6;

double relative_distance(tensor::ConstMatrix y, const Doubles& expected, const Doubles& sizes) {
  double most = 0;
  for (std::size_t r = 0; r < y.rows; ++r)
    for (std::size_t c = 0; c < y.cols; ++c) {
      const double error = std::abs(static_cast<double>(y(r, c)) - expected(r, c)) / sizes(r, c);
      most = error <= most ? most : std::isnan(error) ? 1e9 : error;
    }
  return most;
}

struct Stack {
  std::vector<support::StoredWeight> parts;
  Doubles values;

  tensor::StackedWeight weights() const {
    tensor::StackedWeight all;
    for (const support::StoredWeight& part : parts) all.push_back(part.weight);
    return all;
  }
  void add(support::StoredWeight part) {
    const Doubles more(part.values.view());
    values.rows += more.rows;
    values.cols = more.cols;
    values.values.insert(values.values.end(), more.values.begin(), more.values.end());
    parts.push_back(std::move(part));
  }
};

/// With rows side by side and with gaps between them.
template <class B>
void check_products(B& backend, const Stack& stack, std::size_t rows, Random& random) {
  const auto weight = backend.open(backend.pack(stack.weights()));
  for (const std::size_t gap : {0, 5}) {
    CAPTURE(gap);
    const Framed x(rows, stack.values.cols, random, 1, gap);
    const Doubles expected = support::product(Doubles(x.view()), stack.values);
    const Doubles sizes = sizes_of_products(Doubles(x.view()), stack.values);

    Framed y(rows, stack.values.rows, gap);
    backend.product(x.view(), weight, y.view());
    CHECK(relative_distance(y.view(), expected, sizes) < product_tolerance);
    CHECK(y.frame_is_whole());

    Framed sum(rows, stack.values.rows, random, 5, gap);
    const Doubles before(sum.view());
    backend.product_add(x.view(), weight, sum.view());
    Doubles with_before = sizes;
    for (std::size_t i = 0; i < before.values.size(); ++i)
      with_before.values[i] += std::abs(before.values[i]);
    CHECK(relative_distance(sum.view(), support::add(before, expected), with_before) <
          product_tolerance);
    CHECK(sum.frame_is_whole());
    CHECK(x.frame_is_whole());
  }
}

}  // namespace

TEMPLATE_TEST_CASE("products with weights of every type are the sums of their definition",
                   "[backend][product]", PAINTERS_TEST_BACKENDS) {
  TestType backend;
  Random random(1);
  for (const tensor::ElementType type : tensor::element_types)
    for (const std::size_t out : {1, 40, 64, 200, 256}) {
      CAPTURE(tensor::traits(type).name, out);
      Stack stack;
      const std::size_t in = std::max<std::size_t>(64, tensor::traits(type).block_elements);
      stack.add(support::random_weight(type, out, in, random));
      check_products(backend, stack, 5, random);
    }
}

TEMPLATE_TEST_CASE("products of any size are the sums of their definition", "[backend][product]",
                   PAINTERS_TEST_BACKENDS) {
  TestType backend;
  Random random(2);
  for (const std::size_t rows : row_counts)
    for (const auto& [in, out] : {std::pair<std::size_t, std::size_t>{1, 1},
                                  {3, 17},
                                  {40, 33},
                                  {64, 50},
                                  {50, 64},
                                  {64, 128},
                                  {100, 15},
                                  {128, 448}}) {
      CAPTURE(rows, in, out);
      Stack stack;
      stack.add(support::random_weight(f32, out, in, random));
      check_products(backend, stack, rows, random);
    }
}

TEMPLATE_TEST_CASE("stacked weights follow one another, interleaved heads in split-half order",
                   "[backend][product]", PAINTERS_TEST_BACKENDS) {
  TestType backend;
  Random random(3);
  for (const std::size_t heads : {1, 2, 5})
    for (const std::size_t head_dim : {2, 6, 16, 64}) {
      CAPTURE(heads, head_dim);
      Stack stack;
      stack.add(support::random_weight(q4_1, heads * head_dim, 64, random, heads));
      stack.add(support::random_weight(q8_0, head_dim, 64, random, 1));
      stack.add(support::random_weight(f16, head_dim, 64, random));
      check_products(backend, stack, 9, random);
    }
  for (const std::size_t middle : {1, 37, 191, 193}) {  // parts end inside what is packed at once
    CAPTURE(middle);
    Stack stack;
    stack.add(support::random_weight(f32, 384 - middle, 64, random));
    stack.add(support::random_weight(bf16, middle, 64, random));
    stack.add(support::random_weight(q5_0, 64, 64, random));
    check_products(backend, stack, 30, random);
  }
}

TEMPLATE_TEST_CASE("products inside blocks of rows are those of all rows", "[backend][product]",
                   PAINTERS_TEST_BACKENDS) {
  TestType backend;
  Random random(4);
  Stack stack;
  stack.add(support::random_weight(q4_0, 192, 96, random));
  const auto weight = backend.open(backend.pack(stack.weights()));
  for (const std::size_t rows : row_counts) {
    CAPTURE(rows);
    const std::size_t gap = rows % 2;
    const Framed x(rows, 96, random, 1, gap);
    Framed y(rows, 192), sum(rows, 192, random, 1, gap);
    const Doubles before(sum.view());
    backend.for_row_blocks(rows, [&](std::size_t first, std::size_t count, auto& workspace) {
      const tensor::Matrix inner = workspace.matrix(count, 192);
      backend.product(x.view().middle_rows(first, count), weight, inner);
      for (std::size_t r = 0; r < count; ++r)
        for (std::size_t c = 0; c < 192; ++c) y.view()(first + r, c) = inner(r, c);
      backend.product_add(x.view().middle_rows(first, count), weight,
                          sum.view().middle_rows(first, count));
    });
    const Doubles expected = support::product(Doubles(x.view()), stack.values);
    Doubles sizes = sizes_of_products(Doubles(x.view()), stack.values);
    CHECK(relative_distance(y.view(), expected, sizes) < product_tolerance);
    for (std::size_t i = 0; i < sizes.values.size(); ++i)
      sizes.values[i] += std::abs(before.values[i]);
    CHECK(relative_distance(sum.view(), support::add(before, expected), sizes) < product_tolerance);
    CHECK(sum.frame_is_whole());
  }
}

TEMPLATE_TEST_CASE("rms_norm divides by the root of the mean square", "[backend][rms_norm]",
                   PAINTERS_TEST_BACKENDS) {
  TestType backend;
  Random random(5);
  for (const std::size_t rows : row_counts)
    for (const std::size_t cols : {1, 2, 15, 16, 17, 63, 64, 65, 127, 576}) {
      CAPTURE(rows, cols);
      Framed x(rows, cols, random, 3);
      for (std::size_t c = 0; c < cols; ++c) {
        x.view()(rows / 2, c) *= 1e-3f;  // eps counts
        x.view()(0, c) = 0;              // and is all that is left
      }
      const std::vector<float> weight = random.normals(cols);
      const Doubles expected = support::rms_norm(Doubles(x.view()), weight, 1e-5);
      Framed y(rows, cols);
      backend.rms_norm(x.view(), weight, 1e-5f, y.view());
      // No element of a normalised row is larger than the root of its length.
      const double tolerance = 1e-6 * std::sqrt(static_cast<double>(cols)) * 4;
      CHECK(support::distance(y.view(), expected) < tolerance);
      CHECK(y.frame_is_whole());
      backend.rms_norm(x.view(), weight, 1e-5f, x.view());  // y may be x
      CHECK(support::distance(x.view(), expected) < tolerance);
      CHECK(x.frame_is_whole());
    }
}

TEMPLATE_TEST_CASE("rotary turns the pairs of the first heads by their position",
                   "[backend][rotary]", PAINTERS_TEST_BACKENDS) {
  TestType backend;
  Random random(6);
  for (const std::size_t rows : {1, 24, 33, 130})
    for (const std::size_t head_dim : {2, 6, 16, 40, 64, 80, 128})
      for (const std::size_t heads : {1, 3}) {
        CAPTURE(rows, head_dim, heads);
        const std::size_t half = head_dim / 2;
        Framed table(50, head_dim);
        for (std::size_t p = 0; p < 50; ++p)
          for (std::size_t i = 0; i < half; ++i) {
            const double angle =
                static_cast<double>(p) /
                std::pow(100.0, 2.0 * static_cast<double>(i) / static_cast<double>(head_dim));
            table.view()(p, i) = static_cast<float>(std::cos(angle));
            table.view()(p, half + i) = static_cast<float>(std::sin(angle));
          }
        std::vector<std::uint32_t> positions(rows);
        for (auto& position : positions)
          position = static_cast<std::uint32_t>(random.between(0, 49));
        Framed x(rows, heads * head_dim + 7, random);  // seven columns that are not turned
        const Doubles expected =
            support::rotary(Doubles(x.view()), heads, head_dim, 100, positions);
        const tensor::ConstMatrix angles = std::as_const(table).view();
        backend.rotary(x.view(), heads, angles, positions);
        CHECK(support::distance(x.view(), expected) < 2e-6);
        CHECK(x.frame_is_whole());
      }
}

TEMPLATE_TEST_CASE("swiglu gates with silu", "[backend][swiglu]", PAINTERS_TEST_BACKENDS) {
  TestType backend;
  Random random(7);
  for (const std::size_t rows : row_counts)
    for (const std::size_t n : {1, 15, 16, 17, 40, 131}) {
      CAPTURE(rows, n);
      Framed gate_up(rows, 2 * n, random, 3);
      const float extreme[] = {0, -0.0f, 90, -90, 1e4f, -1e4f, 1e30f, -1e30f};
      for (std::size_t c = 0; c < n; ++c) gate_up.view()(rows / 2, c) = extreme[c % 8];
      const Doubles expected = support::swiglu(Doubles(gate_up.view()));
      Framed y(rows, n);
      backend.swiglu(std::as_const(gate_up).view(), y.view());
      double most = 0;
      for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t c = 0; c < n; ++c) {
          const double error = std::abs(static_cast<double>(y.view()(r, c)) - expected(r, c)) /
                               (std::abs(expected(r, c)) + 1e-6);
          most = error <= most ? most : std::isnan(error) ? 1e9 : error;
        }
      CHECK(most < 2e-6);
      CHECK(y.frame_is_whole());
    }
}

TEMPLATE_TEST_CASE("scale and add_scaled change their own elements only", "[backend][add_scaled]",
                   PAINTERS_TEST_BACKENDS) {
  TestType backend;
  Random random(8);
  for (const std::size_t rows : row_counts)
    for (const std::size_t cols : {1, 17, 64, 130}) {
      CAPTURE(rows, cols);
      Framed x(rows, cols, random);
      const Framed y(rows, cols, random);
      Doubles expected(x.view());
      const Doubles added(y.view());
      backend.scale(x.view(), -0.75f);
      for (double& value : expected.values) value *= -0.75;
      CHECK(support::distance(x.view(), expected) < 1e-6);
      backend.add_scaled(x.view(), 2.5f, y.view());
      for (std::size_t i = 0; i < expected.values.size(); ++i)
        expected.values[i] += 2.5 * added.values[i];
      CHECK(support::distance(x.view(), expected) < 3e-6);
      CHECK(x.frame_is_whole());
      CHECK(y.frame_is_whole());
    }
}

TEMPLATE_TEST_CASE("operations on no rows do nothing", "[backend]", PAINTERS_TEST_BACKENDS) {
  TestType backend;
  Random random(9);
  Framed x(0, 64), y(0, 64), both(0, 128);
  const std::vector<float> weight = random.normals(64);
  backend.rms_norm(x.view(), weight, 1e-5f, y.view());
  backend.swiglu(both.view(), y.view());
  backend.scale(x.view(), 2);
  backend.add_scaled(x.view(), 2, y.view());
  backend.rotary(x.view(), 1, Framed(1, 64, random).view(), {});
  backend.attention(x.view(), x.view(), x.view(), tensor::PackedBatch(), {}, {1, 1, 64}, y.view());
  backend.token_likelihoods(x.view(), 0, {});
  CHECK(x.frame_is_whole());
  CHECK(y.frame_is_whole());
  std::size_t blocks = 0;
  backend.for_row_blocks(0, [&](std::size_t, std::size_t, auto&) { ++blocks; });
  CHECK(blocks == 0);
  CHECK(backend.buffer(0, 64).size() == 0);
}
