#include <painters/tensor/buffer.hpp>

#include <algorithm>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

#include <painters/error.hpp>

#include "support/catch.hpp"

using namespace painters::tensor;

namespace {

Buffer counted(std::size_t rows, std::size_t cols, float first = 0) {
  Buffer buffer(rows, cols);
  for (std::size_t i = 0; i < buffer.size(); ++i) buffer.data()[i] = first + static_cast<float>(i);
  return buffer;
}

std::vector<float> elements(const Buffer& buffer) {
  return {buffer.data(), buffer.data() + buffer.size()};
}

bool aligned(const float* p) { return reinterpret_cast<std::uintptr_t>(p) % 64 == 0; }

}  // namespace

TEST_CASE("a copy of a buffer has elements of its own", "[tensor][buffer]") {
  Buffer a = counted(3, 5);
  Buffer b = a;
  CHECK(b.rows() == 3);
  CHECK(b.cols() == 5);
  CHECK(b.data() != a.data());
  CHECK(aligned(a.data()));
  CHECK(aligned(b.data()));
  CHECK(elements(b) == elements(a));
  b.view()(1, 2) = -1;
  CHECK(a.view()(1, 2) == 7);
  CHECK(b.data()[7] == -1);
}

TEST_CASE("copies of the same size are assigned in place, those of another size anew",
          "[tensor][buffer]") {
  Buffer a = counted(4, 6), b = counted(4, 6, 100);
  const float* place = b.data();
  b = a;
  CHECK(b.data() == place);
  CHECK(elements(b) == elements(a));

  Buffer turned(6, 4);
  place = turned.data();
  turned = a;  // as many elements in another shape
  CHECK(turned.data() == place);
  CHECK(turned.rows() == 4);
  CHECK(turned.cols() == 6);
  CHECK(elements(turned) == elements(a));

  const Buffer larger = counted(9, 9, 5);
  b = larger;
  CHECK(elements(b) == elements(larger));
  CHECK(b.rows() == 9);
  const Buffer& itself = b;
  b = itself;
  CHECK(elements(b) == elements(larger));
  b = Buffer();
  CHECK(b.size() == 0);
  b = larger;
  CHECK(elements(b) == elements(larger));
}

TEST_CASE("a buffer moves without its elements moving", "[tensor][buffer]") {
  static_assert(std::is_nothrow_move_constructible_v<Buffer> &&
                std::is_nothrow_move_assignable_v<Buffer>);
  Buffer a = counted(3, 5);
  const float* place = a.data();
  Buffer b = std::move(a);
  CHECK(b.data() == place);
  CHECK(elements(b) == elements(counted(3, 5)));
  Buffer c = counted(2, 2);
  c = std::move(b);
  CHECK(c.data() == place);
  CHECK(c.rows() == 3);
  std::vector<Buffer> many;
  for (int i = 0; i < 20; ++i) many.push_back(counted(1, 7, static_cast<float>(i)));
  for (int i = 0; i < 20; ++i)
    CHECK(elements(many[static_cast<std::size_t>(i)]) ==
          elements(counted(1, 7, static_cast<float>(i))));
}

TEST_CASE("a buffer without elements can be copied, assigned and viewed", "[tensor][buffer]") {
  Buffer none(0, 5), also(5, 0);
  Buffer copy = none;
  CHECK(copy.rows() == 0);
  CHECK(copy.cols() == 5);
  CHECK(copy.size() == 0);
  copy = also;
  CHECK(copy.rows() == 5);
  CHECK(copy.view().cols == 0);
  CHECK(Buffer().view().rows == 0);
}

TEST_CASE("views are of the buffer's own elements", "[tensor][buffer]") {
  Buffer buffer = counted(4, 6);
  const Matrix all = buffer.view();
  CHECK(all.stride == 6);
  const ConstMatrix part = all.middle_rows(1, 2).middle_cols(2, 3);
  CHECK(part.rows == 2);
  CHECK(part.cols == 3);
  for (std::size_t r = 0; r < 2; ++r)
    for (std::size_t c = 0; c < 3; ++c) CHECK(&part(r, c) == buffer.data() + (1 + r) * 6 + 2 + c);
  CHECK(all.middle_rows(4, 0).rows == 0);
}

TEST_CASE("a buffer that no memory holds is refused, and takes none", "[tensor][buffer]") {
  const std::size_t half = std::size_t{1} << 32;
  CHECK_THROWS_AS(Buffer(half, half), painters::Error);  // 2^64 elements are none
  CHECK_THROWS_AS(Buffer(half, half / 2), painters::Error);
}
