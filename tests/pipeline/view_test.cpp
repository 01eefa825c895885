#include <painters/pipeline/view.hpp>

#include <any>
#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "support/catch.hpp"

#include <painters/pipeline/state.hpp>

using painters::is_view;

namespace {

struct Pointer {
  double* values;
  std::size_t size;
};
struct Span {
  std::string name;
  std::span<float> values;
};
struct Rows {
  int width;
  std::vector<std::span<double>> rows;
};
struct Nested {
  std::vector<float> own;
  Pointer borrowed;
};
struct Derived : Pointer {};
struct Pointers {
  std::array<float*, 3> rows;
};

struct Backend;
struct Owner {
  std::vector<float> values;
  Backend* backend;  // no numbers
  const float* table;
  std::span<const int> tokens;
  std::string_view name;
};
struct Particle {
  double position, velocity;
};
struct Fixed {
  float values[3];
  int more;
};
struct CopyOnWrite {
  std::shared_ptr<std::vector<float>> values;
};
struct Anything {
  std::any any;
  std::function<void()> function;
  std::optional<std::vector<double>> values;
};
struct Tree {
  double value;
  std::vector<Tree> children;
};
class Sloppy {  // owns what it gives away
 public:
  double* data() const { return values_.get(); }

 private:
  std::shared_ptr<double> values_;
};
struct Declared {};
struct Known {
  double* values;
};

}  // namespace

template <>
inline constexpr bool painters::is_view<Declared> = true;
template <>
inline constexpr bool painters::is_view<Known> = false;

TEST_CASE("views of the library and what holds them are known by their types", "[state][view]") {
  STATIC_REQUIRE(is_view<double*>);
  STATIC_REQUIRE(is_view<std::span<float>>);
  STATIC_REQUIRE(is_view<std::span<const float, 3>>);
  STATIC_REQUIRE(is_view<std::string_view>);
  STATIC_REQUIRE(is_view<std::reference_wrapper<double>>);
  STATIC_REQUIRE(is_view<std::shared_ptr<double>>);
  STATIC_REQUIRE(is_view<std::vector<std::span<float>>>);
  STATIC_REQUIRE(is_view<std::array<double*, 2>>);
  STATIC_REQUIRE(is_view<Sloppy>);
}

TEST_CASE("structs that hold pointers to numbers are views", "[state][view]") {
  STATIC_REQUIRE(is_view<Pointer>);
  STATIC_REQUIRE(is_view<Span>);
  STATIC_REQUIRE(is_view<Rows>);
  STATIC_REQUIRE(is_view<Nested>);
  STATIC_REQUIRE(is_view<Derived>);
  STATIC_REQUIRE(is_view<Pointers>);
}

TEST_CASE("owners are not views, whatever else they point to", "[state][view]") {
  STATIC_REQUIRE_FALSE(is_view<float>);
  STATIC_REQUIRE_FALSE(is_view<std::vector<float>>);
  STATIC_REQUIRE_FALSE(is_view<std::array<double, 3>>);
  STATIC_REQUIRE_FALSE(is_view<std::vector<std::array<float, 2>>>);
  STATIC_REQUIRE_FALSE(is_view<std::string>);
  STATIC_REQUIRE_FALSE(is_view<Owner>);
  STATIC_REQUIRE_FALSE(is_view<Particle>);
  STATIC_REQUIRE_FALSE(is_view<Fixed>);
  STATIC_REQUIRE_FALSE(is_view<CopyOnWrite>);
  STATIC_REQUIRE_FALSE(is_view<Anything>);
  STATIC_REQUIRE_FALSE(is_view<Tree>);
}

TEST_CASE("a type can say itself whether it is a view", "[state][view]") {
  STATIC_REQUIRE(is_view<Declared>);
  STATIC_REQUIRE_FALSE(is_view<Known>);
}
