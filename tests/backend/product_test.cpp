// Products of every backend with weights of every type, against plain loops in double precision.
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

namespace {

using enum tensor::ElementType;

/// How far rounding may move a sum of products: a few units in the last place of the sum of their
/// sizes.
Doubles sizes_of_products(const Doubles& x, const Doubles& w) {
  Doubles a = x, b = w;
  for (double& value : a.values) value = std::abs(value);
  for (double& value : b.values) value = std::abs(value);
  return support::product(a, b);
}
constexpr double product_tolerance = 1e-6;

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
  const auto weight = backend.open(stack.weights());
  for (const std::size_t gap : {0, 5}) {
    CAPTURE(gap);
    const Framed x(rows, stack.values.cols, random, 1, gap);
    const Doubles expected = support::product(Doubles(x.view()), stack.values);
    const Doubles sizes = sizes_of_products(Doubles(x.view()), stack.values);

    Framed y(rows, stack.values.rows, gap);
    backend.product(x.view(), weight, y.view());
    CHECK(support::relative_distance(y.view(), expected, sizes) < product_tolerance);
    CHECK(y.frame_is_whole());
    CHECK(x.frame_is_whole());
  }
}

}  // namespace

TEMPLATE_TEST_CASE("products with weights of every type match their definition",
                   "[backend][product]", PAINTERS_TEST_BACKENDS) {
  support::OnHost<TestType> backend;
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

TEMPLATE_TEST_CASE("products of any size match their definition", "[backend][product]",
                   PAINTERS_TEST_BACKENDS) {
  support::OnHost<TestType> backend;
  Random random(2);
  for (const std::size_t rows : support::row_counts)
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
  support::OnHost<TestType> backend;
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

TEMPLATE_TEST_CASE("queries, keys and values of a fused matrix are products of its rows",
                   "[backend][product]", PAINTERS_TEST_BACKENDS) {
  support::OnHost<TestType> backend;
  Random random(10);
  for (const tensor::ElementType type : {f32, bf16, q8_0})
    for (const std::size_t heads : {1, 2, 5})
      for (const std::size_t dim : {2, 6, 64})
        for (const bool interleaved : {false, true}) {
          CAPTURE(tensor::traits(type).name, heads, dim, interleaved);
          // The file: query, key and value of a head, then those of the next.
          const auto fused = support::random_weight(type, heads * 3 * dim, 64, random);
          tensor::StackedWeight stacked;
          Doubles values(heads * 3 * dim, 64);
          std::size_t row = 0;
          for (std::size_t part = 0; part < 3; ++part) {
            tensor::Weight weight = fused.weight;
            weight.bytes += part * dim * weight.row_bytes();
            weight.rows = heads * dim;
            weight.order = {heads, 3 * dim, interleaved};
            stacked.push_back(weight);
            for (std::size_t head = 0; head < heads; ++head)
              for (std::size_t i = 0; i < dim; ++i, ++row) {
                // Pairs of neighbours become pairs of the two halves.
                const std::size_t pair = i % (dim / 2), side = i / (dim / 2);
                const std::size_t in_head = interleaved ? 2 * pair + side : i;
                for (std::size_t c = 0; c < 64; ++c)
                  values(row, c) = static_cast<double>(
                      fused.values.view()(head * 3 * dim + part * dim + in_head, c));
              }
          }
          const Framed x(7, 64, random);
          Framed y(7, values.rows);
          backend.product(x.view(), backend.open(stacked), y.view());
          CHECK(support::relative_distance(y.view(), support::product(Doubles(x.view()), values),
                                           sizes_of_products(Doubles(x.view()), values)) <
                product_tolerance);
        }
}

TEMPLATE_TEST_CASE("products go from block to block through the scratch of a lane",
                   "[backend][product]", PAINTERS_TEST_BACKENDS) {
  TestType backend;
  Random random(4);
  Stack stack;
  stack.add(support::random_weight(q4_0, 192, 96, random));
  const auto weight = backend.open(backend.pack(stack.weights()));
  for (const std::size_t rows : support::row_counts) {
    CAPTURE(rows);
    const Framed x(rows, 96, random, 1, rows % 2);
    auto in = backend.buffer(rows, 96), out = backend.buffer(rows, 192);
    backend.upload(x.view(), in.view());
    backend.for_row_blocks(
        rows, {&weight}, [&](std::size_t first, std::size_t count, typename TestType::Lane& lane) {
          const auto inner = lane.matrix(count, 192);
          lane.product(in.view().middle_rows(first, count), weight, inner);
          lane.activate(backend::Activation::relu, inner);
          lane.product(in.view().middle_rows(first, count), weight,
                       out.view().middle_rows(first, count));
          lane.add_scaled(out.view().middle_rows(first, count), -1, inner);
        });
    Framed y(rows, 192);
    backend.download(std::as_const(out).view(), y.view());
    Doubles expected = support::product(Doubles(x.view()), stack.values);
    for (double& value : expected.values) value -= std::max(value, 0.0);
    const Doubles sizes = sizes_of_products(Doubles(x.view()), stack.values);
    CHECK(support::relative_distance(y.view(), expected, sizes) < product_tolerance);
  }
}
