#include <painters/pipeline/pipeline.hpp>

#include <memory>
#include <string>
#include <type_traits>

#include "support/catch.hpp"

#include <painters/pipeline/executor.hpp>
#include <painters/plan/sequence.hpp>

namespace {

struct Add {
  double b = 0;
  void operator()(double& x) const { x += b; }
};
struct Multiply {
  double a = 1;
  void operator()(double& x) const { x *= a; }
};
struct Owning {  // can be moved only
  std::unique_ptr<double> b;
  void operator()(double& x) const { x += *b; }
};

struct Name {
  std::string& text;
  void operator()(const Add&) const { text += "+"; }
  void operator()(const Multiply&) const { text += "*"; }
};
struct Double {
  void operator()(Add& layer) const { layer.b *= 2; }
  void operator()(Multiply& layer) const { layer.a *= 2; }
};

}  // namespace

TEST_CASE("however a pipeline is put together, its type is flat and the same", "[pipeline]") {
  using Flat = painters::Pipeline<Add, Multiply, Add>;
  const Add a{1}, c{3};
  const Multiply b{2};
  STATIC_REQUIRE(std::is_same_v<decltype(painters::pipeline(a, b, c)), Flat>);
  STATIC_REQUIRE(std::is_same_v<decltype(painters::pipeline(a) | b | c), Flat>);
  STATIC_REQUIRE(std::is_same_v<decltype(painters::pipeline(a) | painters::pipeline(b, c)), Flat>);
  STATIC_REQUIRE(std::is_same_v<decltype(painters::pipeline(a, b) | painters::pipeline(c)), Flat>);

  for (const Flat& net : {painters::pipeline(a, b, c), painters::pipeline(a) | b | c,
                          painters::pipeline(a) | (painters::pipeline(b) | c)}) {
    double x = 1;
    painters::run<painters::Sequence<3>{}>(net, x);
    CHECK(x == (1 + 1) * 2 + 3);
  }
}

TEST_CASE("visit shows the layer with that number", "[pipeline]") {
  auto net = painters::pipeline(Add{1}, Multiply{2}, Multiply{3}, Add{4});
  STATIC_REQUIRE(net.size() == 4);
  std::string text;
  for (std::size_t i = 0; i < net.size(); ++i) std::as_const(net).visit(i, Name{text});
  CHECK(text == "+**+");

  net.visit(2, Double{});
  CHECK(net.get<2>().a == 6);
  CHECK(net.get<1>().a == 2);
}

TEST_CASE("layers that can only be moved live in a pipeline", "[pipeline]") {
  auto net = painters::pipeline(Owning{std::make_unique<double>(2)}) | Add{1} |
             painters::pipeline(Owning{std::make_unique<double>(3)});
  double x = 0;
  painters::run<painters::Sequence<3>{}>(net, x);
  CHECK(x == 6);
}
