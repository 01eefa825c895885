#include <painters/tensor/arena.hpp>

#include <rapidcheck.h>

#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

#include "support/catch.hpp"
#include "support/random.hpp"

using namespace painters::tensor;

namespace {

/// A matrix of the arena with a number that nobody else writes.
struct Marked {
  Matrix matrix;
  float mark;

  Marked(Matrix m, float number) : matrix(m), mark(number) {
    for (std::size_t r = 0; r < m.rows; ++r)
      for (std::size_t c = 0; c < m.cols; ++c) matrix(r, c) = mark;
  }
  bool is_whole() const {
    for (std::size_t r = 0; r < matrix.rows; ++r)
      for (std::size_t c = 0; c < matrix.cols; ++c)
        if (matrix(r, c) != mark) return false;
    return true;
  }
};

bool aligned(const float* p) { return reinterpret_cast<std::uintptr_t>(p) % 64 == 0; }

/// Scopes within scopes, each of which takes matrices before and after the inner ones. True if
/// every matrix keeps its elements until its scope ends.
bool nest(Arena& arena, support::Random& random, int depth, float& number) {
  Arena::Scope scope(arena);
  std::vector<Marked> mine;
  bool whole = true;
  for (std::size_t step = random.between(0, 6); step > 0; --step) {
    if (depth > 0 && random.between(0, 2) == 0) {
      whole = nest(arena, random, depth - 1, number) && whole;
    } else {
      const Matrix m = scope.matrix(random.between(0, 9), random.between(0, 90));
      whole = whole && aligned(m.data) && m.stride == m.cols;
      mine.emplace_back(m, ++number);
    }
  }
  for (const Marked& m : mine) whole = whole && m.is_whole();
  return whole;
}

}  // namespace

TEST_CASE("matrices of an arena are aligned and keep their elements until their scope ends",
          "[tensor][arena]") {
  REQUIRE(rc::check([](unsigned seed) {
    support::Random random(seed);
    Arena arena;
    float number = 0;
    for (int pass = 0; pass < 6; ++pass) RC_ASSERT(nest(arena, random, 4, number));
  }));
}

TEST_CASE("the memory of a scope is taken again by the next", "[tensor][arena]") {
  Arena arena;
  {
    Arena::Scope all(arena);
    all.matrix(10, 100);
  }
  Arena::Scope outer(arena);
  const Marked first(outer.matrix(3, 7), 1);
  const float* place = nullptr;
  for (int i = 0; i < 3; ++i) {
    Arena::Scope inner(arena);
    const Matrix second = inner.matrix(2, 50);
    const Matrix third = inner.matrix(1, 1);
    if (i == 0) place = second.data;
    CHECK(second.data == place);
    CHECK(third.data >= second.data + 100);
    Marked(second, 2), Marked(third, 3);
  }
  CHECK(outer.matrix(1, 1).data == place);
  CHECK(first.is_whole());
}

TEST_CASE("an arena that is empty again makes one block of all that it needed", "[tensor][arena]") {
  Arena arena;
  const auto pass = [&] {
    Arena::Scope scope(arena);
    std::vector<const float*> places;
    for (std::size_t i = 1; i <= 8; ++i) places.push_back(scope.matrix(i, 16 * i).data);
    return places;
  };
  pass();  // takes blocks that have to be added
  const std::vector<const float*> second = pass();
  std::ptrdiff_t at = 0;
  for (std::size_t i = 1; i <= 8; ++i) {
    CHECK(second[i - 1] == second[0] + at);
    at += static_cast<std::ptrdiff_t>(16 * i * i);
  }
  CHECK(pass() == second);  // nothing more is allocated
  CHECK(pass() == second);
}

TEST_CASE("matrices stay where they are while an arena grows", "[tensor][arena]") {
  Arena arena;
  Arena::Scope scope(arena);
  std::vector<Marked> all;
  std::set<const float*> places;
  for (int i = 0; i < 200; ++i) {
    all.emplace_back(scope.matrix(1, static_cast<std::size_t>(i)), static_cast<float>(i));
    if (i > 0) places.insert(all.back().matrix.data);
  }
  CHECK(places.size() == 199);
  for (const Marked& m : all) CHECK(m.is_whole());
}
