// Every operation of every backend but products against plain loops in double precision.
#include <painters/backend/concept.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "support/backends.hpp"
#include "support/catch.hpp"
#include "support/doubles.hpp"
#include "support/on_host.hpp"
#include "support/random.hpp"

using namespace painters;
using support::Doubles;
using support::Framed;
using support::Random;

TEMPLATE_TEST_CASE("rms_norm divides by the root of the mean square", "[backend][rms_norm]",
                   PAINTERS_TEST_BACKENDS) {
  support::OnHost<TestType> backend;
  Random random(5);
  for (const std::size_t rows : support::row_counts)
    for (const std::size_t cols : {1, 2, 15, 16, 17, 63, 64, 65, 127, 576}) {
      CAPTURE(rows, cols);
      Framed x(rows, cols, random, 3);
      for (std::size_t c = 0; c < cols; ++c) {
        x.view()(rows / 2, c) *= 1e-3f;  // eps matters
        x.view()(0, c) = 0;              // here nothing but eps is left
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

TEMPLATE_TEST_CASE("layer_norm subtracts the mean and divides by the deviation",
                   "[backend][layer_norm]", PAINTERS_TEST_BACKENDS) {
  support::OnHost<TestType> backend;
  Random random(11);
  for (const std::size_t rows : support::row_counts)
    for (const std::size_t cols : {1, 2, 15, 16, 17, 63, 64, 65, 127, 576}) {
      CAPTURE(rows, cols);
      Framed x(rows, cols, random, 3);
      for (std::size_t c = 0; c < cols; ++c) {
        x.view()(rows / 2, c) *= 1e-3f;  // eps matters
        x.view()(rows / 3, c) += 3000;   // the deviation is a thousandth of the mean
        x.view()(0, c) = -1234.567f;     // no deviation: the bias is all that is left
      }
      const std::vector<float> weight = random.normals(cols), bias = random.normals(cols);
      const Doubles expected = support::layer_norm(Doubles(x.view()), weight, bias, 1e-5);
      Framed y(rows, cols);
      backend.layer_norm(x.view(), weight, bias, 1e-5f, y.view());
      // No element of a normalised row is larger than the root of its length.
      const double tolerance = 1e-6 * std::sqrt(static_cast<double>(cols)) * 4;
      CHECK(support::distance(y.view(), expected) < tolerance);
      CHECK(y.frame_is_whole());
      for (std::size_t c = 0; c < cols; ++c) REQUIRE(y.view()(0, c) == bias[c]);
      backend.layer_norm(x.view(), weight, bias, 1e-5f, x.view());  // y may be x
      CHECK(support::distance(x.view(), expected) < tolerance);
      CHECK(x.frame_is_whole());
    }
}

TEMPLATE_TEST_CASE("normalisations survive a column that is far larger than all others",
                   "[backend][layer_norm]", PAINTERS_TEST_BACKENDS) {
  support::OnHost<TestType> backend;
  Random random(12);
  for (const std::size_t cols : {17, 64, 576})
    for (const std::size_t large : {std::size_t{0}, cols / 2, cols - 1}) {
      CAPTURE(cols, large);
      Framed x(5, cols, random);
      for (std::size_t r = 0; r < 5; ++r)
        x.view()(r, large) = std::pow(10.0f, 2 * static_cast<float>(r)) * (r % 2 ? -1.0f : 1.0f);
      const std::vector<float> weight(cols, 1.0f), bias(cols, 0.0f);
      const double tolerance = 1e-6 * std::sqrt(static_cast<double>(cols));
      Framed y(5, cols);
      backend.layer_norm(x.view(), weight, bias, 1e-5f, y.view());
      CHECK(support::distance(
                y.view(), support::layer_norm(Doubles(x.view()), weight, bias, 1e-5)) < tolerance);
      backend.rms_norm(x.view(), weight, 1e-5f, y.view());
      CHECK(support::distance(y.view(), support::rms_norm(Doubles(x.view()), weight, 1e-5)) <
            tolerance);
    }
}

TEMPLATE_TEST_CASE("a weight shorter than a row normalises each head by itself",
                   "[backend][rms_norm]", PAINTERS_TEST_BACKENDS) {
  support::OnHost<TestType> backend;
  Random random(13);
  for (const std::size_t rows : {1, 24, 33, 130})
    for (const std::size_t head_dim : {1, 2, 6, 16, 17, 64, 128})
      for (const std::size_t heads : {1, 2, 5}) {
        CAPTURE(rows, head_dim, heads);
        // As attention has its queries and keys: columns of a wider matrix, in place.
        const std::size_t before = 7, cols = heads * head_dim;
        Framed all(rows, before + cols + 9, random, 3);
        const Doubles given(all.view());
        const std::vector<float> weight = random.normals(head_dim), bias = random.normals(head_dim);
        const double tolerance = 4e-6 * std::sqrt(static_cast<double>(head_dim));
        const auto check = [&](const Doubles& middle) {
          Doubles expected = given;
          for (std::size_t r = 0; r < rows; ++r)
            for (std::size_t c = 0; c < cols; ++c) expected(r, before + c) = middle(r, c);
          CHECK(support::distance(all.view(), expected) < tolerance);
          CHECK(all.frame_is_whole());
        };
        const auto restore = [&] {
          for (std::size_t r = 0; r < rows; ++r)
            for (std::size_t c = 0; c < given.cols; ++c)
              all.view()(r, c) = static_cast<float>(given(r, c));
        };
        const tensor::Matrix inside = all.view().middle_cols(before, cols);
        backend.rms_norm(inside, weight, 1e-5f, inside);
        check(support::rms_norm(support::middle_cols(given, before, cols), weight, 1e-5));
        restore();
        backend.layer_norm(inside, weight, bias, 1e-5f, inside);
        check(support::layer_norm(support::middle_cols(given, before, cols), weight, bias, 1e-5));
      }
}

TEMPLATE_TEST_CASE("add_bias adds the bias to every row", "[backend][add_bias]",
                   PAINTERS_TEST_BACKENDS) {
  support::OnHost<TestType> backend;
  Random random(14);
  for (const std::size_t rows : support::row_counts)
    for (const std::size_t cols : {1, 15, 16, 17, 64, 131}) {
      CAPTURE(rows, cols);
      Framed x(rows, cols, random, 3);
      const std::vector<float> bias = random.normals(cols, 100);
      const Doubles expected = support::add_bias(Doubles(x.view()), bias);
      backend.add_bias(x.view(), bias);
      CHECK(support::distance(x.view(), expected) < 3e-5);  // half a unit of 256 to 512
      CHECK(x.frame_is_whole());
    }
}

TEMPLATE_TEST_CASE("rotary turns the pairs of the first heads by their position",
                   "[backend][rotary]", PAINTERS_TEST_BACKENDS) {
  support::OnHost<TestType> backend;
  Random random(6);
  for (const std::size_t rows : {1, 24, 33, 130})
    for (const std::size_t head_dim : {2, 6, 16, 40, 64, 80, 128})
      for (const std::size_t columns : {std::size_t{2}, head_dim / 4 * 2, head_dim})
        for (const std::size_t heads : {1, 3}) {
          CAPTURE(rows, head_dim, columns, heads);
          const std::size_t half = columns / 2;
          const std::vector<double> frequencies = support::rotary_frequencies(columns, 100);
          Framed table(50, columns);
          for (std::size_t p = 0; p < 50; ++p)
            for (std::size_t i = 0; i < half; ++i) {
              const double angle = static_cast<double>(p) * frequencies[i];
              table.view()(p, i) = static_cast<float>(std::cos(angle));
              table.view()(p, half + i) = static_cast<float>(std::sin(angle));
            }
          // Texts of at most 50 tokens, one after the other.
          tensor::PackedBatch batch;
          for (std::size_t left = rows; left > 0;) {
            const std::size_t some = random.between(1, std::min<std::size_t>(left, 50));
            batch.add(some);
            left -= some;
          }
          Framed x(rows, heads * head_dim + 7, random);  // seven columns of no head
          const Doubles before(x.view());
          const Doubles expected =
              support::rotary(before, heads, head_dim, frequencies, batch.positions());
          const tensor::ConstMatrix angles = std::as_const(table).view();
          backend.rotary(x.view(), heads, head_dim, angles, batch);
          CHECK(support::distance(x.view(), expected) < 2e-6);
          CHECK(x.frame_is_whole());
          for (std::size_t r = 0; r < rows; ++r)
            for (std::size_t c = 0; c < before.cols; ++c)
              if (c >= heads * head_dim || c % head_dim >= columns)
                REQUIRE(static_cast<double>(x.view()(r, c)) == before(r, c));
        }
}

namespace {

/// |f(x) - exact| over the sum of |exact| and `small` is below `tolerance`. Where x is negative the
/// gelus are a difference of two numbers of about 1, so their error does not shrink with them.
struct ActivationTolerance {
  backend::Activation f;
  const char* name;
  double tolerance, small;
};
constexpr ActivationTolerance activations[] = {
    {backend::Activation::gelu, "gelu", 1e-6, 1},
    {backend::Activation::gelu_tanh, "gelu_tanh", 1e-6, 1},
    {backend::Activation::relu, "relu", 1e-7, 1e-30},
    {backend::Activation::silu, "silu", 2e-6, 1e-6},
    {backend::Activation::tanh, "tanh", 1e-6, 1e-6}};

/// Normally distributed rows; the first goes from -12 to 12, the middle one has extreme values.
Framed activation_inputs(std::size_t rows, std::size_t cols, Random& random) {
  Framed x(rows, cols, random, 3);
  for (std::size_t c = 0; c < cols; ++c)
    x.view()(0, c) = 24 * static_cast<float>(c) / static_cast<float>(cols) - 12;
  const float extreme[] = {0,  -0.0f, 1e-30f, -1e-30f, 5.5f,  -5.5f,  30,    -30,
                           90, -90,   1e4f,   -1e4f,   1e19f, -1e19f, 1e30f, -1e30f};
  for (std::size_t c = 0; c < cols; ++c) x.view()(rows / 2, c) = extreme[c % 16];
  return x;
}

}  // namespace

TEMPLATE_TEST_CASE("activate matches the definition of each activation", "[backend][activation]",
                   PAINTERS_TEST_BACKENDS) {
  support::OnHost<TestType> backend;
  Random random(7);
  for (const auto& [f, name, tolerance, small] : activations)
    for (const std::size_t rows : support::row_counts)
      for (const std::size_t cols : {1, 15, 16, 17, 40, 131}) {
        CAPTURE(name, rows, cols);
        Framed x = activation_inputs(rows, cols, random);
        const Doubles expected = support::activated(f, Doubles(x.view()));
        Doubles sizes = expected;
        for (double& size : sizes.values) size = std::abs(size) + small;
        backend.activate(f, x.view());
        CHECK(support::relative_distance(x.view(), expected, sizes) < tolerance);
        CHECK(x.frame_is_whole());
      }
}

TEMPLATE_TEST_CASE("gate multiplies by the activation of the first half", "[backend][activation]",
                   PAINTERS_TEST_BACKENDS) {
  support::OnHost<TestType> backend;
  Random random(15);
  for (const auto& [f, name, tolerance, small] : activations)
    for (const std::size_t rows : support::row_counts)
      for (const std::size_t n : {1, 15, 16, 17, 40, 131}) {
        CAPTURE(name, rows, n);
        Framed gate_up(rows, 2 * n, random, 3);
        const Framed gate = activation_inputs(rows, n, random);
        for (std::size_t r = 0; r < rows; ++r)
          for (std::size_t c = 0; c < n; ++c) gate_up.view()(r, c) = gate.view()(r, c);
        const Doubles both(gate_up.view());
        const Doubles expected = support::gate(f, both);
        Doubles sizes = expected;
        for (std::size_t r = 0; r < rows; ++r)
          for (std::size_t c = 0; c < n; ++c)
            sizes(r, c) = std::abs(expected(r, c)) + small * std::abs(both(r, n + c));
        Framed y(rows, n);
        backend.gate(f, std::as_const(gate_up).view(), y.view());
        CHECK(support::relative_distance(y.view(), expected, sizes) < 1.2e-7 + tolerance);
        CHECK(y.frame_is_whole());
        CHECK(gate_up.frame_is_whole());
      }
}

TEMPLATE_TEST_CASE("activations of NaN are NaN, and their neighbours are not",
                   "[backend][activation]", PAINTERS_TEST_BACKENDS) {
  support::OnHost<TestType> backend;
  constexpr std::size_t n = 37;
  for (const auto& [f, name, tolerance, small] : activations)
    for (std::size_t at = 0; at < n; ++at) {
      CAPTURE(name, at);
      Framed x(1, n), gate_up(1, 2 * n), y(1, n);
      for (std::size_t c = 0; c < n; ++c) x.view()(0, c) = gate_up.view()(0, c) = 0.5f;
      for (std::size_t c = 0; c < n; ++c) gate_up.view()(0, n + c) = 1;
      x.view()(0, at) = gate_up.view()(0, at) = std::numeric_limits<float>::quiet_NaN();
      backend.activate(f, x.view());
      backend.gate(f, std::as_const(gate_up).view(), y.view());
      for (std::size_t c = 0; c < n; ++c) {
        REQUIRE(std::isnan(x.view()(0, c)) == (c == at));
        REQUIRE(std::isnan(y.view()(0, c)) == (c == at));
      }
    }
}

TEMPLATE_TEST_CASE("scale and add_scaled change their own elements only", "[backend][add_scaled]",
                   PAINTERS_TEST_BACKENDS) {
  support::OnHost<TestType> backend;
  Random random(8);
  for (const std::size_t rows : support::row_counts)
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
      backend.lane_add_scaled(x.view(), -0.5f, y.view());
      for (std::size_t i = 0; i < expected.values.size(); ++i)
        expected.values[i] += 2 * added.values[i];
      CHECK(support::distance(x.view(), expected) < 3e-6);
      CHECK(x.frame_is_whole());
      CHECK(y.frame_is_whole());
    }
}

TEMPLATE_TEST_CASE("copy and gather bring rows to other memory unchanged", "[backend][gather]",
                   PAINTERS_TEST_BACKENDS) {
  support::OnHost<TestType> backend;
  Random random(16);
  for (const std::size_t rows : support::row_counts)
    for (const std::size_t cols : {1, 17, 64}) {
      CAPTURE(rows, cols);
      const Framed x(rows, cols, random);
      Framed y(rows, cols);
      backend.copy(x.view(), y.view());
      CHECK(support::distance(y.view(), x.view()) == 0);
      CHECK(y.frame_is_whole());
      std::vector<std::size_t> some;
      for (std::size_t i = 0; i < rows + 3; ++i) some.push_back(random.between(0, rows - 1));
      Framed gathered(some.size(), cols);
      backend.gather(x.view(), some, gathered.view());
      for (std::size_t i = 0; i < some.size(); ++i)
        REQUIRE(support::distance(std::as_const(gathered).view().middle_rows(i, 1),
                                  x.view().middle_rows(some[i], 1)) == 0);
      CHECK(gathered.frame_is_whole());
    }
}

TEMPLATE_TEST_CASE("embed takes rows of a table of any type", "[backend][embed]",
                   PAINTERS_TEST_BACKENDS) {
  support::OnHost<TestType> backend;
  Random random(17);
  for (const tensor::ElementType type : tensor::element_types) {
    CAPTURE(tensor::traits(type).name);
    const std::size_t cols = std::max<std::size_t>(64, tensor::traits(type).block_elements);
    const auto table = support::random_weight(type, 20, cols, random);
    std::vector<std::int32_t> ids{19, 0, 7, 7};
    Framed y(ids.size(), cols);
    backend.embed(table.weight, ids, y.view());
    for (std::size_t i = 0; i < ids.size(); ++i)
      CHECK(support::distance(
                std::as_const(y).view().middle_rows(i, 1),
                table.values.view().middle_rows(static_cast<std::size_t>(ids[i]), 1)) == 0);
    CHECK(y.frame_is_whole());
  }
}

TEMPLATE_TEST_CASE("dot sums in double, is_finite sees every element", "[backend][dot]",
                   PAINTERS_TEST_BACKENDS) {
  support::OnHost<TestType> backend;
  Random random(18);
  for (const std::size_t rows : {1, 7, 33})
    for (const std::size_t cols : {1, 17, 64}) {
      CAPTURE(rows, cols);
      Framed x(rows, cols, random), y(rows, cols, random);
      const Doubles a(x.view()), b(y.view());
      double expected = 0;
      for (std::size_t i = 0; i < a.values.size(); ++i) expected += a.values[i] * b.values[i];
      CHECK(backend.dot(x.view(), y.view()) == Approx(expected).epsilon(1e-12).margin(1e-12));
      CHECK(backend.is_finite(x.view()));
      for (const float wrong : {std::numeric_limits<float>::infinity(), std::nanf("")}) {
        Framed z = x;
        z.view()(rows - 1, cols / 2) = wrong;
        CHECK_FALSE(backend.is_finite(std::as_const(z).view()));
      }
    }
}

TEMPLATE_TEST_CASE("operations on no rows do nothing", "[backend]", PAINTERS_TEST_BACKENDS) {
  support::OnHost<TestType> backend;
  Random random(9);
  Framed x(0, 64), y(0, 64), both(0, 128);
  const std::vector<float> weight = random.normals(64);
  backend.rms_norm(x.view(), weight, 1e-5f, y.view());
  backend.layer_norm(x.view(), weight, weight, 1e-5f, y.view());
  backend.add_bias(x.view(), weight);
  backend.gate(backend::Activation::silu, both.view(), y.view());
  backend.activate(backend::Activation::gelu, x.view());
  backend.scale(x.view(), 2);
  backend.add_scaled(x.view(), 2, y.view());
  backend.rotary(x.view(), 1, 64, Framed(1, 64, random).view(), tensor::PackedBatch());
  backend.attention(x.view(), x.view(), x.view(), tensor::PackedBatch(), {}, {1, 1, 64}, y.view());
  auto likelihoods = backend.backend().likelihoods({});
  backend.token_likelihoods(x.view(), 0, likelihoods);
  CHECK(backend.backend().download(likelihoods).empty());
  backend.copy(x.view(), y.view());
  backend.gather(x.view(), {}, y.view());
  CHECK(backend.dot(x.view(), y.view()) == 0);
  CHECK(backend.is_finite(x.view()));
  CHECK(x.frame_is_whole());
  CHECK(y.frame_is_whole());
  std::size_t blocks = 0;
  backend.backend().for_row_blocks(0, {}, [&](std::size_t, std::size_t, auto&) { ++blocks; });
  CHECK(blocks == 0);
  CHECK(backend.backend().buffer(0, 64).rows() == 0);
}
