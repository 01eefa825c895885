#include <painters/pipeline/stack.hpp>

#include <utility>
#include <vector>

#include "support/catch.hpp"

#include <painters/pipeline/executor.hpp>
#include <painters/plan/reverse.hpp>
#include <painters/plan/sequence.hpp>

namespace {
struct Affine {
  double a = 1, b = 0;
  void operator()(double& x) const { x = a * x + b; }
};
Affine make_layer(std::size_t i) { return {2, static_cast<double>(i)}; }
}  // namespace

TEST_CASE("a stack has the layers that the function makes, in order", "[stack]") {
  const auto net = painters::stack<4>(make_layer);
  STATIC_REQUIRE(net.size() == 4);
  STATIC_REQUIRE(sizeof(net) == 4 * sizeof(Affine));
  for (std::size_t i = 0; i < 4; ++i) CHECK(net[i].b == static_cast<double>(i));
}

TEST_CASE("the layers of a stack can be looped over", "[stack]") {
  auto net = painters::stack<4>(make_layer);
  for (Affine& layer : net) layer.b *= 2;
  double sum = 0;
  for (const Affine& layer : std::as_const(net)) sum += layer.b;
  CHECK(sum == 2 * (1 + 2 + 3));
  CHECK(painters::stack(std::vector<Affine>(3)).end()[-1].a == 1);
}

TEST_CASE("stacks of static and of dynamic size run alike", "[stack]") {
  constexpr auto plan = painters::Sequence<4>{} | painters::Reverse<1, 2>{};
  const auto fixed = painters::stack<4>(make_layer);
  std::vector<Affine> layers;
  for (std::size_t i = 0; i < 4; ++i) layers.push_back(make_layer(i));
  const auto dynamic = painters::stack(layers);
  REQUIRE(dynamic.size() == 4);

  double x = 1, y = 1, z = 1;
  painters::run<plan>(fixed, x);
  painters::run<plan>(dynamic, y);
  painters::run(plan, dynamic, z);
  CHECK(x == 2 * (2 * (2 * (2 * 1.0 + 0) + 2) + 1) + 3);
  CHECK(y == x);
  CHECK(z == x);
}

TEST_CASE("a plan that needs more layers than a dynamic stack has is refused", "[stack]") {
  const auto net = painters::stack(std::vector<Affine>(3));
  double x = 1;
  CHECK_THROWS_AS(painters::run<painters::Sequence<4>{}>(net, x), painters::UsageError);
  CHECK_THROWS_AS(painters::run(painters::Sequence<4>{}, net, x), painters::UsageError);
  CHECK(x == 1);
}
