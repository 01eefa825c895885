#include <painters/pipeline/state.hpp>

#include <array>
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
}  // namespace user

TEST_CASE("numbers, ranges, operators and free functions make a state", "[state]") {
  STATIC_REQUIRE(painters::StateLike<float>);
  STATIC_REQUIRE(painters::StateLike<double>);
  STATIC_REQUIRE(painters::StateLike<std::vector<float>>);
  STATIC_REQUIRE(painters::StateLike<std::array<double, 3>>);
  STATIC_REQUIRE(painters::StateLike<std::vector<std::vector<float>>>);
  STATIC_REQUIRE(painters::StateLike<user::Cloud>);
  STATIC_REQUIRE(painters::StateLike<std::vector<user::Row>>);
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

TEST_CASE("states of different sizes cannot be added", "[state]") {
  std::vector<float> x(3);
  CHECK_THROWS_WITH(painters::add_scaled(x, 1, std::vector<float>(4)),
                    Catch::Matchers::ContainsSubstring("found 3 and 4"));
}
