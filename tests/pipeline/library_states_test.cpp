// Matrices of Eigen and xtensor as states, as their users have them: plans run on them directly.
#include <painters/pipeline/executor.hpp>

#include "support/catch.hpp"

#if __has_include(<Eigen/Core>) && __has_include(<xtensor/xtensor.hpp>)
#include <rapidcheck.h>
#include <Eigen/Core>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>
#include <xtensor/xarray.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xtensor.hpp>
#include <xtensor/xview.hpp>

#include <painters/pipeline/check_layer.hpp>
#include <painters/pipeline/pipeline.hpp>
#include <painters/pipeline/stack.hpp>
#include <painters/plan/combinators.hpp>
#include "pipeline/differences.hpp"
#include "pipeline/toys.hpp"

using Catch::Matchers::ContainsSubstring;
using Eigen::MatrixXf;
using Matrix = xt::xtensor<float, 2>;
using DoubleVector = xt::xtensor<double, 1>;

namespace {

constexpr std::size_t rows = 3, cols = 2, layers = 4;

/// x_rc += a tanh(x_(r+1)c + b): a state of any library that is written x(r, c).
template <class State>
struct Mixing {
  float a, b;
  void operator()(State& x) const {
    const State old = x;
    for (std::size_t r = 0; r < rows; ++r)
      for (std::size_t c = 0; c < cols; ++c)
        x(index(r), index(c)) += a * std::tanh(old(index((r + 1) % rows), index(c)) + b);
  }
  static auto index(std::size_t i) {
    if constexpr (std::is_same_v<State, MatrixXf>)
      return static_cast<Eigen::Index>(i);
    else
      return i;
  }
};
template <class State>
Mixing<State> make_layer(std::size_t i) {
  return {0.3f + 0.1f * static_cast<float>(i), 0.2f - 0.1f * static_cast<float>(i)};
}

/// A state with the values of row after row.
template <class State>
State state_of(const toys::Vector& values) {
  State x;
  if constexpr (std::is_same_v<State, MatrixXf>)
    x.resize(rows, cols);
  else
    x.resize({rows, cols});
  for (std::size_t i = 0; i < values.size(); ++i)
    x(Mixing<State>::index(i / cols), Mixing<State>::index(i % cols)) =
        static_cast<float>(values[i]);
  return x;
}
template <class State>
toys::Vector values_of(const State& x) {
  toys::Vector values;
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < cols; ++c)
      values.push_back(x(Mixing<State>::index(r), Mixing<State>::index(c)));
  return values;
}

}  // namespace

TEMPLATE_TEST_CASE("a run over a library's matrices does what the plan means, for random plans",
                   "[library_states]", MatrixXf, Matrix, xt::xarray<float>) {
  const auto net = painters::stack<layers>(make_layer<TestType>);
  const toys::Vector start{0.3, -1.2, 0.7, 0.1, 2, -0.5};
  const auto call = [&](std::uint32_t layer, painters::Part, const toys::Vector& x) {
    TestType state = state_of<TestType>(x);
    net[layer](state);
    return values_of(state);
  };
  REQUIRE(rc::check([&](const std::vector<std::uint8_t>& bytes) {
    const painters::Plan plan = toys::plan_from(bytes, layers);
    const toys::Vector expected = toys::meaning(plan, start, call);
    TestType x = state_of<TestType>(start);
    painters::run(plan, net, x);
    RC_ASSERT(toys::distance(values_of(x), expected) <=
              1e-4 * (1 + toys::distance(expected, toys::Vector(expected.size()))));
  }));
}

TEMPLATE_TEST_CASE("a library's matrices are scaled and added as they are", "[library_states]",
                   MatrixXf, Matrix, xt::xarray<float>) {
  const auto ones = state_of<TestType>({1, 1, 1, 1, 1, 1});
  auto x = state_of<TestType>({1, 2, 3, 4, 5, 6});
  painters::scale(x, 0.5);
  painters::add_scaled(x, -2, ones);
  CHECK(values_of(x) == toys::Vector{-1.5, -1, -0.5, 0, 0.5, 1});
  painters::add_scaled(x, 1, x);  // elements meet only themselves
  CHECK(values_of(x) == toys::Vector{-3, -2, -1, 0, 1, 2});
  CHECK(painters::dot(x, ones) == -3);
  CHECK(painters::check_layer(make_layer<TestType>(0), x).log.find("FAILED") == std::string::npos);
}

TEMPLATE_TEST_CASE("gradients of a library's states agree with differences, for random plans",
                   "[library_states]", Eigen::VectorXd, DoubleVector) {
  TestType x;
  if constexpr (std::is_same_v<TestType, DoubleVector>)
    x = {0.4, -0.9, 0.2};
  else
    x = Eigen::Vector3d(0.4, -0.9, 0.2);
  REQUIRE(rc::check([&](const std::vector<std::uint8_t>& bytes) {
    const painters::Plan plan = toys::plan_from(bytes, differences::layers, 2);
    RC_PRE(painters::calls(plan) <= 60u);  // with more, differences lose their digits
    RC_ASSERT(differences::disagreement(plan, x) == "");
  }));
}

TEST_CASE("layers may read what they write, as the libraries allow", "[library_states]") {
  const auto swap_rows = [](Matrix& x) { x = Matrix(xt::flip(x, 0)) * 2.0f; };
  const auto product = [](MatrixXf& x) { x = x * x.transpose() * x; };
  Matrix a{{1, 2}, {3, 4}};
  painters::run<painters::mean(painters::call(0), painters::StaticPlan<0>{})>(
      painters::pipeline(swap_rows), a);
  CHECK(bool(a == Matrix{{3.5f, 5}, {2.5f, 4}}));
  MatrixXf b = MatrixXf::Identity(2, 2) * 2;
  painters::run<painters::mean(painters::call(0), painters::StaticPlan<0>{})>(
      painters::pipeline(product), b);
  CHECK(bool(b == MatrixXf::Identity(2, 2) * 5));
}

TEST_CASE("views and expressions of a library are not states", "[library_states]") {
  Matrix x;
  using View = decltype(xt::view(x, xt::all(), 0));
  STATIC_REQUIRE(painters::StateLike<Eigen::VectorXd>);
  STATIC_REQUIRE(painters::StateLike<Eigen::Matrix4f>);
  STATIC_REQUIRE(painters::StateLike<Eigen::ArrayXXf>);
  STATIC_REQUIRE(painters::StateLike<std::vector<MatrixXf>>);
  STATIC_REQUIRE_FALSE(painters::StateLike<View>);
  STATIC_REQUIRE_FALSE(painters::StateLike<decltype(x + x)>);
  STATIC_REQUIRE_FALSE(painters::StateLike<Eigen::Map<MatrixXf>>);
  STATIC_REQUIRE_FALSE(painters::StateLike<Eigen::Ref<MatrixXf>>);
  STATIC_REQUIRE_FALSE(painters::StateLike<Eigen::Block<MatrixXf>>);
  struct Mapped {
    Eigen::Map<MatrixXf> values;
  };
  struct Owned {
    MatrixXf values;
    Matrix more;
    std::optional<MatrixXf> perhaps;
    Eigen::Map<const MatrixXf> table;
  };
  STATIC_REQUIRE(painters::is_view<View>);
  STATIC_REQUIRE(painters::is_view<Eigen::Map<MatrixXf>>);
  STATIC_REQUIRE(painters::is_view<Eigen::Ref<MatrixXf>>);
  STATIC_REQUIRE(painters::is_view<Eigen::Block<MatrixXf>>);
  STATIC_REQUIRE(painters::is_view<Mapped>);
  STATIC_REQUIRE_FALSE(painters::is_view<Owned>);
}

TEST_CASE("branches that end with different shapes are refused before a library adds them",
          "[library_states]") {
  constexpr auto plan = painters::mean(painters::StaticPlan<0>{}, painters::call(0));
  const auto one_row =
      painters::pipeline([](Matrix& x) { x = Matrix(xt::view(x, xt::range(0, 1))); });
  Matrix broadcast{{1, 2}, {3, 4}};  // xtensor itself would add the row to every row
  CHECK_THROWS_WITH(painters::run<plan>(one_row, broadcast),
                    ContainsSubstring("found 2 x 2 at the end of branch 0 (which calls nothing) "
                                      "and 1 x 2 at the end of branch 1 (after layer 0)"));
  const auto transpose = painters::pipeline([](MatrixXf& x) { x = MatrixXf(x.transpose()); });
  MatrixXf wide = MatrixXf::Ones(2, 3);
  CHECK_THROWS_WITH(painters::run<plan>(transpose, wide),
                    ContainsSubstring("found 2 x 3 at the end of branch 0 (which calls nothing) "
                                      "and 3 x 2 at the end of branch 1 (after layer 0)"));
}

#else
#include <iostream>
TEST_CASE("a run over a library's matrices does what the plan means", "[library_states]") {
  std::cout << "skipped: Eigen or xtensor is not installed\n";
}
#endif
