#include <painters/tensor/eigen.hpp>
#include <painters/tensor/xtensor.hpp>

#include <vector>

#include "support/catch.hpp"

using namespace painters::tensor;

TEST_CASE("Eigen and xtensor see a strided view's own elements", "[tensor][eigen][xtensor]") {
  std::vector<float> memory(5 * 7);
  for (std::size_t i = 0; i < memory.size(); ++i) memory[i] = static_cast<float>(i);
  const Matrix m(memory.data() + 1, 5, 4, 7);
  const ConstMatrix c = m;
  REQUIRE(as_eigen(m).rows() == 5);
  REQUIRE(as_eigen(c).cols() == 4);
  REQUIRE(as_xtensor(m).shape()[0] == 5);
  REQUIRE(as_xtensor(c).shape()[1] == 4);
  for (std::size_t r = 0; r < 5; ++r)
    for (std::size_t k = 0; k < 4; ++k) {
      CHECK(as_eigen(c)(static_cast<Eigen::Index>(r), static_cast<Eigen::Index>(k)) == m(r, k));
      CHECK(as_xtensor(c)(r, k) == m(r, k));
    }
  float sum = 0;
  for (const float value : as_xtensor(c)) sum += value;
  CHECK(sum == as_eigen(c).sum());
  as_eigen(m)(4, 3) = -1;
  as_xtensor(m)(0, 0) = -2;
  CHECK(m(4, 3) == -1);
  CHECK(m(0, 0) == -2);
  CHECK(as_xtensor(Matrix(nullptr, 0, 4)).size() == 0);
}
