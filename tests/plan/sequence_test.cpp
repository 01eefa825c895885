#include <painters/plan/sequence.hpp>

#include "support/catch.hpp"

using namespace painters;

namespace {

static_assert(Sequence<3>{} == sequence(call(0), call(1), call(2)));
static_assert(Sequence<0>{} == StaticPlan<0>{});
static_assert(Sequence<13, 15>{} == sequence(call(13), call(14), call(15)));
static_assert(Sequence<15, 13>{} == sequence(call(15), call(14), call(13)));
static_assert(Sequence<4, 4>{} == call(4));
static_assert(!(call(4) == call(4, Part{2})));
static_assert(sequence() == StaticPlan<0>{});
static_assert(decltype(sequence(call(1), Sequence<5>{}))::capacity == 6);

}  // namespace

TEST_CASE("sequences of run-time numbers equal those of compile-time numbers", "[plan][sequence]") {
  REQUIRE(Sequence{32} == Sequence<32>{});
  REQUIRE(Sequence{0} == Sequence<0>{});
  REQUIRE(Sequence{19, 13} == Sequence<19, 13>{});
  REQUIRE(sequence(Sequence{0, 4}, Sequence<5, 9>{}) == Sequence<10>{});
}

TEST_CASE("a layer number beyond every model is refused", "[plan][sequence]") {
  REQUIRE_THROWS_WITH(call(std::size_t(1) << 32),
                      "layers are counted from 0 to 999999, found 4294967296");
  REQUIRE_THROWS_WITH((Sequence{0, 1000000}), "layers are counted from 0 to 999999, found 1000000");
}
