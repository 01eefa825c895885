// How backends divide rows among blocks and threads.
#include <painters/backend/concept.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <painters/tensor/buffer.hpp>

#include "support/backends.hpp"
#include "support/catch.hpp"
#include "support/doubles.hpp"
#include "support/on_host.hpp"
#include "support/random.hpp"

using namespace painters;
using support::Framed;
using support::Random;

TEMPLATE_TEST_CASE("blocks of rows visit each row once", "[backend][row_blocks]",
                   PAINTERS_TEST_BACKENDS) {
  TestType backend;
  for (std::size_t rows = 0; rows <= 700; rows += rows < 200 ? 1 : 37) {
    std::vector<std::atomic<int>> visits(rows);
    std::atomic<std::size_t> blocks = 0, outside = 0;
    backend.for_row_blocks(rows, {}, [&](std::size_t first, std::size_t count, auto&) {
      ++blocks;
      if (count == 0 || first + count > rows) ++outside;
      for (std::size_t r = first; r < std::min(rows, first + count); ++r) ++visits[r];
    });
    std::size_t wrong = outside;
    for (const auto& n : visits) wrong += n != 1;
    CAPTURE(rows);
    REQUIRE(wrong == 0);
    if (rows == 0) CHECK(blocks == 0);
  }
}

TEMPLATE_TEST_CASE("every block has scratch that no other writes to", "[backend][row_blocks]",
                   PAINTERS_TEST_BACKENDS) {
  constexpr std::size_t rows = 500, passes = 20, times = 10;
  TestType backend;
  Random random(3);
  const auto filled = [](std::size_t n, std::size_t cols, float number) {
    tensor::Buffer values(n, cols);
    std::fill_n(values.data(), values.size(), number);
    return values;
  };
  const auto on_backend = [&](tensor::ConstMatrix host) {
    auto buffer = backend.buffer(host.rows, host.cols);
    backend.upload(host, buffer.view());
    return buffer;
  };
  const auto wide = support::random_weight(tensor::ElementType::f32, 33, 8, random);
  const auto narrow = support::random_weight(tensor::ElementType::f32, 20, 8, random);
  const auto packed_wide = backend.pack({wide.weight}),
             packed_narrow = backend.pack({narrow.weight});
  const auto to_wide = backend.open(packed_wide), to_narrow = backend.open(packed_narrow);
  const Framed values(rows, 8, random);
  const auto x = on_backend(values.view());
  auto wide_sum = on_backend(filled(rows, 33, 0).view());
  auto narrow_sum = on_backend(filled(rows, 20, 0).view());
  for (std::size_t pass = 0; pass < passes; ++pass) {
    auto scratch = backend.workspace();
    const auto outer = scratch.matrix(40, 40);
    backend.upload(filled(40, 40, -1).view(), outer);
    backend.for_row_blocks(rows, {&to_wide, &to_narrow},
                           [&](std::size_t first, std::size_t count, auto& lane) {
                             const auto a = lane.matrix(count, 33), b = lane.matrix(count, 20);
                             for (std::size_t i = 0; i < times; ++i) {
                               lane.product(x.view().middle_rows(first, count), to_wide, a);
                               lane.product(x.view().middle_rows(first, count), to_narrow, b);
                               lane.add_scaled(wide_sum.view().middle_rows(first, count), 1, a);
                               lane.add_scaled(narrow_sum.view().middle_rows(first, count), 1, b);
                             }
                           });
    tensor::Buffer found(40, 40);
    backend.download(outer, found.view());
    REQUIRE(support::distance(found.view(), filled(40, 40, -1).view()) == 0);
  }
  const auto check = [&](const auto& sum, const support::StoredWeight& weight) {
    support::Doubles expected =
        support::product(support::Doubles(values.view()), support::Doubles(weight.values.view()));
    for (double& value : expected.values) value *= passes * times;
    tensor::Buffer found(sum.rows(), sum.cols());
    backend.download(sum.view(), found.view());
    CHECK(support::distance(found.view(), expected) < 0.05);  // a wrong product is off by about 1
  };
  check(wide_sum, wide);
  check(narrow_sum, narrow);
}

TEMPLATE_TEST_CASE("what a block throws reaches the caller, and the backend can continue",
                   "[backend][row_blocks]", PAINTERS_TEST_BACKENDS) {
  support::OnHost<TestType> backend;
  Random random(1);
  const auto stored = support::random_weight(tensor::ElementType::f32, 64, 64, random);
  const auto weight = backend.open({stored.weight});
  const Framed x(300, 64, random);
  const support::Doubles expected =
      support::product(support::Doubles(x.view()), support::Doubles(stored.values.view()));
  for (const bool all_throw : {true, false}) {
    CHECK_THROWS_WITH(
        backend.backend().for_row_blocks(300, {&weight},
                                         [&](std::size_t first, std::size_t, auto& lane) {
                                           lane.matrix(7, 99);
                                           if (all_throw || first == 0)
                                             throw std::runtime_error("thrown");
                                         }),
        "thrown");
    Framed y(300, 64);
    backend.product(x.view(), weight, y.view());
    CHECK(support::distance(y.view(), expected) < 1e-4);
  }
}

TEMPLATE_TEST_CASE("a user's threads may call one backend at the same time",
                   "[backend][row_blocks]", PAINTERS_TEST_BACKENDS) {
  support::OnHost<TestType> backend;
  Random random(2);
  const auto stored = support::random_weight(tensor::ElementType::f32, 64, 64, random);
  const auto weight = backend.open({stored.weight});
  const Framed x(300, 64, random);
  Framed expected(300, 64);
  backend.product(x.view(), weight, expected.view());
  std::atomic<std::size_t> wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i) {
        Framed y(300, 64);
        backend.product(x.view(), weight, y.view());
        wrong += support::distance(y.view(), std::as_const(expected).view()) != 0;
      }
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
}
