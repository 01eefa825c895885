// How backends divide rows among blocks and threads.
#include <painters/backend/concept.hpp>

#include <atomic>
#include <cstddef>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/backends.hpp"
#include "support/catch.hpp"
#include "support/doubles.hpp"
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
    backend.for_row_blocks(rows, [&](std::size_t first, std::size_t count, auto&) {
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

TEMPLATE_TEST_CASE("every block has a workspace that no other writes to", "[backend][row_blocks]",
                   PAINTERS_TEST_BACKENDS) {
  TestType backend;
  for (int pass = 0; pass < 20; ++pass) {
    auto scratch = backend.workspace();
    const tensor::Matrix outer = scratch.matrix(40, 40);
    for (std::size_t r = 0; r < 40; ++r)
      for (std::size_t c = 0; c < 40; ++c) outer(r, c) = -1;
    std::atomic<std::size_t> wrong = 0;
    backend.for_row_blocks(500, [&](std::size_t first, std::size_t count, auto& workspace) {
      const tensor::Matrix a = workspace.matrix(count, 33), b = workspace.matrix(count, 20);
      const auto each = [&](tensor::Matrix m, const auto& f) {
        for (std::size_t r = 0; r < m.rows; ++r)
          for (std::size_t c = 0; c < m.cols; ++c) f(m(r, c));
      };
      const float number = static_cast<float>(first + 1);
      for (int i = 0; i < 10; ++i) {
        each(a, [&](float& x) { x = number; });
        each(b, [&](float& x) { x = -number; });
        each(a, [&](float x) { wrong += x != number; });
        each(b, [&](float x) { wrong += x != -number; });
      }
    });
    CHECK(wrong == 0);
    for (std::size_t r = 0; r < 40; ++r)
      for (std::size_t c = 0; c < 40; ++c) REQUIRE(outer(r, c) == -1);
  }
}

TEMPLATE_TEST_CASE("what a block throws comes out, and the backend can go on",
                   "[backend][row_blocks]", PAINTERS_TEST_BACKENDS) {
  TestType backend;
  Random random(1);
  const auto stored = support::random_weight(tensor::ElementType::f32, 64, 64, random);
  const auto weight = backend.open(backend.pack({stored.weight}));
  const Framed x(300, 64, random);
  const support::Doubles expected =
      support::product(support::Doubles(x.view()), support::Doubles(stored.values.view()));
  for (const bool all_throw : {true, false}) {
    CHECK_THROWS_WITH(backend.for_row_blocks(300,
                                             [&](std::size_t first, std::size_t, auto& workspace) {
                                               workspace.matrix(7, 99);
                                               if (all_throw || first == 0)
                                                 throw std::runtime_error("thrown");
                                             }),
                      "thrown");
    Framed y(300, 64);
    backend.for_row_blocks(300, [&](std::size_t first, std::size_t count, auto& workspace) {
      const tensor::Matrix inner = workspace.matrix(count, 64);
      backend.product(x.view().middle_rows(first, count), weight, inner);
      for (std::size_t r = 0; r < count; ++r)
        for (std::size_t c = 0; c < 64; ++c) y.view()(first + r, c) = inner(r, c);
    });
    CHECK(support::distance(y.view(), expected) < 1e-4);
  }
}
