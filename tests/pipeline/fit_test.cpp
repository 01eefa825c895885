#include <painters/pipeline/fit.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "support/catch.hpp"

#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/pipeline.hpp>
#include <painters/pipeline/stack.hpp>
#include <painters/plan/combinators.hpp>
#include <painters/plan/parse.hpp>

using painters::call;
using painters::sequence;

namespace {

using State = std::vector<float>;

/// Widths known at compile time.
template <std::size_t In, std::size_t Out>
struct Dense {
  static constexpr std::size_t takes() { return In; }
  static constexpr std::size_t gives() { return Out; }
  void operator()(State& x) const { x.resize(Out); }
};
/// Widths known at run time.
struct AnyDense {
  std::size_t in = 0, out = 0;
  std::size_t takes() const { return in; }
  std::size_t gives() const { return out; }
  void operator()(State& x) const { x.resize(out); }
};
/// Keeps any width and states none.
struct Silent {
  void operator()(State&) const {}
};
struct TwoParts {
  static constexpr painters::Part parts() { return 2; }
  static constexpr bool parts_in_sequence() { return false; }
  void operator()(State&) const {}
  void apply(painters::Part, State&) const {}
};

const auto dynamic =
    painters::pipeline(AnyDense{4, 8}, AnyDense{8, 8}, AnyDense{8, 4}, Silent{}, TwoParts{});
using Static = painters::Pipeline<Dense<4, 8>, Dense<8, 8>, Dense<8, 4>, Silent, TwoParts>;

/// What is wrong with the plan, found at run time and at compile time: both must agree.
template <auto plan>
std::string problem() {
  constexpr auto m = painters::pipeline_detail::misfit_when_compiling<Static>(plan);
  std::string compiling, running;
  if (m.kind != painters::pipeline_detail::Misfit::none) try {
      painters::pipeline_detail::require_fit(m);
    } catch (const painters::UsageError& error) {
      compiling = error.what();
    }
  try {
    painters::check_fit(plan, dynamic);
  } catch (const painters::UsageError& error) {
    running = error.what();
  }
  CHECK(compiling == running);
  return running;
}

}  // namespace

TEST_CASE("plans whose neighbours fit are accepted", "[fit]") {
  CHECK(problem<painters::Sequence<3>{}>().empty());
  CHECK(problem<sequence(call(0), call(2), call(0), call(2))>().empty());
  CHECK(problem<sequence(call(0), call(1) | painters::Loop<4>{}, call(2))>().empty());
  CHECK(
      problem<sequence(call(0), call(2)) | painters::window<0, 1>(painters::Loop<3>{})>().empty());
  CHECK(problem<sequence(call(0), painters::mean(call(1), sequence(call(2), call(0))))>().empty());
  CHECK(problem<sequence(call(0), painters::sum(call(1), painters::StaticPlan<0>{}))>().empty());
  CHECK(problem<painters::mean(call(0), sequence(call(0), call(1)))>().empty());
}

TEST_CASE("a layer that states no width fits everywhere", "[fit]") {
  CHECK(problem<sequence(call(0), call(3), call(0))>().empty());
}

TEST_CASE("neighbours that do not fit are named with their widths", "[fit]") {
  CHECK(problem<sequence(call(1), call(0))>() ==
        "layer 0 takes states of width 4, but layer 1, which the plan calls before it, gives 8: "
        "put a layer from 8 to "
        "4 between them");
  CHECK_FALSE(problem<painters::sequence(call(0), call(0))>().empty());
  CHECK_FALSE(problem<painters::sequence(call(0), painters::mean(call(1), call(0)))>().empty());
}

TEST_CASE("a loop whose end does not fit its beginning is found", "[fit]") {
  CHECK_FALSE(problem<call(0) | painters::Loop<2>{}>().empty());
  CHECK_FALSE(problem<sequence(call(0), call(1)) | painters::Loop<2>{}>().empty());
}

TEST_CASE("branches that give different widths are found", "[fit]") {
  CHECK(problem<painters::mean(call(0), sequence(call(0), call(2)))>() ==
        "the branches of a parallel group must give states of one width, but layer 0 gives 8 and "
        "layer 2 gives 4: end "
        "both with layers of the same width");
  CHECK_FALSE(problem<sequence(call(0), painters::sum(call(2)))>().empty());
  CHECK_FALSE(
      problem<sequence(call(0), painters::mean(call(2), painters::StaticPlan<0>{}))>().empty());
}

TEST_CASE("parts that a layer does not have are found", "[fit]") {
  CHECK(problem<call(4, painters::Part{2})>().empty());
  CHECK(problem<call(4, 3)>() ==
        "the plan calls part 3 of layer 4, which has 2 parts: call the whole layer or a part that "
        "it has");
  CHECK(problem<call(1, painters::Part{1})>() ==
        "the plan calls part 1 of layer 1, which has 0 parts: call the whole layer or a part that "
        "it has");
}

TEST_CASE("loops inside loops are checked in time that does not double with each", "[fit]") {
  auto plan = painters::Plan(painters::sequence(call(3), call(1)));
  for (int depth = 0; depth < 20; ++depth) plan = painters::Plan(plan | painters::Loop<2>{});
  CHECK_NOTHROW(painters::check_fit(plan, dynamic));
}

TEST_CASE("misfits are found by run() before anything has run", "[fit]") {
  State x(8);
  CHECK_THROWS_AS(painters::run(sequence(call(1), call(0)), dynamic, x), painters::UsageError);
  CHECK_THROWS_AS((painters::run<sequence(call(1), call(0))>(dynamic, x)), painters::UsageError);
  CHECK(x.size() == 8);
}

TEST_CASE("a network knows what its layers call their parts", "[fit][parts]") {
  struct Named {
    std::vector<std::string_view> names{};
    const std::vector<std::string_view>& part_names() const { return names; }
    void operator()(State&) const {}
  };
  const auto texts = [](painters::NameList names) {
    return std::vector<std::string_view>(names.begin(), names.end());
  };
  using Texts = std::vector<std::string_view>;
  const Named one{{"mixer", "mlp"}}, other{{"mlp"}};

  const auto mixed = painters::pipeline(one, Silent{}, TwoParts{}, other);
  const painters::PartNames names = painters::part_names(mixed);
  CHECK(texts(names.of(0)) == Texts{"mixer", "mlp"});
  CHECK(texts(names.of(1)).empty());
  CHECK(texts(names.of(2)).empty());
  CHECK(texts(names.of(3)) == Texts{"mlp"});
  CHECK(names.differ());
  CHECK(
      painters::parse_plan("3.mlp, 0.mlp, 2.part1", 4, names) ==
      sequence(call(3, painters::Part{1}), call(0, painters::Part{2}), call(2, painters::Part{1})));

  const auto alike = painters::stack(std::vector<Named>(3, one));
  CHECK_FALSE(painters::part_names(alike).differ());
  CHECK(texts(painters::part_names(alike).of(2)) == Texts{"mixer", "mlp"});
}
