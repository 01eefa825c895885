#include <painters/pipeline/state.hpp>

#include <array>
#include <concepts>
#include <span>
#include <string>
#include <vector>

#include "support/catch.hpp"

namespace user {
/// A state of a user's own, in a namespace of its own.
struct Cloud {
  double heat = 0;
  friend void scale(Cloud& x, double a) { x.heat *= a; }
};
inline void add_scaled(Cloud& x, double a, const Cloud& y) { x.heat += a * y.heat; }

/// Has the operators of a matrix type that takes only its own scalars.
struct Row {
  using value_type = float;
  float left = 0, right = 0;
  Row& operator*=(float a) { return left *= a, right *= a, *this; }
  Row& operator+=(const Row& y) { return left += y.left, right += y.right, *this; }
  friend Row operator*(float a, Row y) { return y *= a; }
  friend Row operator*(double a, Row y) = delete;
};

/// A layer whose parameter can be moved.
struct Line {
  double slope = 1;
  struct Gradients {
    double slope = 0;
  };
  friend void add_scaled(Line& x, double a, const Gradients& y) { x.slope += a * y.slope; }
};

/// A matrix that adds whatever it is given.
struct Grid {
  std::vector<double> values;
  int width = 0;
  int rows() const { return static_cast<int>(values.size()) / width; }
  int cols() const { return width; }
  Grid& operator*=(double a) {
    for (double& value : values) value *= a;
    return *this;
  }
  Grid& operator+=(const Grid& y) {
    for (std::size_t i = 0; i < y.values.size(); ++i) values.at(i) += y.values[i];
    return *this;
  }
  friend Grid operator*(double a, Grid y) { return y *= a; }
};
/// A view of a Grid, which it cannot be without.
struct GridView {
  explicit GridView(Grid& g) : grid(&g) {}
  Grid* grid;
  GridView& operator*=(double a) { return *grid *= a, *this; }
  GridView& operator+=(const Grid& y) { return *grid += y, *this; }
  friend Grid operator*(double a, const GridView& y) { return a * *y.grid; }
};
}  // namespace user

TEST_CASE("numbers, ranges, operators and free functions make a state", "[state]") {
  STATIC_REQUIRE(painters::StateLike<float>);
  STATIC_REQUIRE(painters::StateLike<double>);
  STATIC_REQUIRE(painters::StateLike<std::vector<float>>);
  STATIC_REQUIRE(painters::StateLike<std::array<double, 3>>);
  STATIC_REQUIRE(painters::StateLike<std::vector<std::vector<float>>>);
  STATIC_REQUIRE(painters::StateLike<user::Cloud>);
  STATIC_REQUIRE(painters::StateLike<std::vector<user::Row>>);
  STATIC_REQUIRE(painters::StateLike<user::Grid>);
  STATIC_REQUIRE_FALSE(painters::StateLike<std::string*>);
  STATIC_REQUIRE_FALSE(painters::StateLike<std::vector<std::string>>);
}

TEST_CASE("scale and add_scaled do what their formulas say for every kind of state", "[state]") {
  float number = 2;
  painters::scale(number, 0.5);
  painters::add_scaled(number, 3, 2.0f);
  CHECK(number == 7);

  std::vector<float> vector{1, 2};
  painters::scale(vector, 2);
  painters::add_scaled(vector, -1, std::vector<float>{1, 1});
  CHECK(vector == std::vector<float>{1, 3});

  std::vector<std::array<double, 2>> nested{{1, 2}, {3, 4}};
  painters::scale(nested, 10);
  painters::add_scaled(nested, 0.5, nested);
  CHECK(nested == std::vector<std::array<double, 2>>{{15, 30}, {45, 60}});

  user::Cloud cloud{3};
  painters::scale(cloud, 2);
  painters::add_scaled(cloud, 2, user::Cloud{1});
  CHECK(cloud.heat == 8);

  user::Row row{1, 2};
  painters::scale(row, 2);
  painters::add_scaled(row, 0.5, user::Row{2, 4});
  CHECK(row.left == 3);
  CHECK(row.right == 6);
}

TEST_CASE("a layer's parameters move along its gradients by add_scaled, too", "[state]") {
  using namespace painters;  // whose add_scaled must not hide the user's
  user::Line line;
  add_scaled(line, -0.5, user::Line::Gradients{4});
  CHECK(line.slope == -1);
}

TEST_CASE("a view is not a state", "[state]") {
  STATIC_REQUIRE(std::copyable<std::span<float>>);
  STATIC_REQUIRE_FALSE(painters::StateLike<std::span<float>>);
  STATIC_REQUIRE_FALSE(painters::StateLike<std::vector<std::span<float>>>);
  STATIC_REQUIRE(std::copyable<user::GridView>);
  STATIC_REQUIRE_FALSE(painters::StateLike<user::GridView>);
}

TEST_CASE("the generic message about shapes is a usage error", "[state]") {
  std::vector<float> x(3);
  CHECK_THROWS_AS(painters::add_scaled(x, 1, std::vector<float>(4)), painters::UsageError);
}

TEST_CASE("states of different shapes cannot be added", "[state]") {
  std::vector<float> x(3);
  CHECK_THROWS_WITH(painters::add_scaled(x, 1, std::vector<float>(4)),
                    Catch::Matchers::ContainsSubstring("found 3 and 4"));
  user::Grid grid{{1, 2, 3, 4, 5, 6}, 3};
  CHECK_THROWS_WITH(painters::add_scaled(grid, 1, user::Grid{{1, 2, 3, 4, 5, 6}, 2}),
                    Catch::Matchers::ContainsSubstring("found 2 x 3 and 3 x 2"));
  CHECK_THROWS_WITH(painters::add_scaled(grid, 1, user::Grid{{1, 2, 3}, 3}),
                    Catch::Matchers::ContainsSubstring("found 2 x 3 and 1 x 3"));
  painters::add_scaled(grid, 2, grid);
  CHECK(grid.values == std::vector<double>{3, 6, 9, 12, 15, 18});
}
