#include <limits>
#include <vector>

#include <painters/plan/combinators.hpp>
#include <painters/plan/validate.hpp>

#include "plan/random_plan.hpp"
#include "support/catch.hpp"

using namespace painters;

namespace {

static_assert((validate(Sequence<32>{}, 32), true));
static_assert(validate<exact<Sequence<32>{} | Loop<2>{}>, 32>());

Plan of_nodes(const std::vector<Node>& nodes) {
  Plan plan;
  for (const Node& node : nodes) plan.append(node);
  return plan;
}

Plan nested_loops(int count) {
  Plan plan = call(0);
  for (; count > 0; --count) plan = plan | Damped{1.0f};
  return plan;
}

}  // namespace

TEST_CASE("plans that combinators make are valid", "[plan][validate]") {
  REQUIRE(rc::check([] { validate(*testing::random_plan(), testing::random_layers); }));
}

TEST_CASE("a layer that the model does not have is named", "[plan][validate]") {
  REQUIRE_NOTHROW(validate(call(29), 30));
  REQUIRE_THROWS_AS(validate(call(40), 30), UsageError);
  REQUIRE_THROWS_WITH(validate(sequence(call(1), mean(call(40))), 30),
                      "the plan names layer 40, but the model has 30 layers, counted from 0");
}

TEST_CASE("weights must be finite and those of a mean must not cancel", "[plan][validate]") {
  REQUIRE_THROWS_WITH(validate(mean(call(1) * 1.0f, call(2) * -1.0f)),
                      "the weights of a mean are divided by their sum, found a sum of 0: use sum");
  REQUIRE_NOTHROW(validate(sum(call(1) * 1.0f, call(2) * -1.0f)));
  for (const float weight :
       {std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()})
    REQUIRE_THROWS_WITH(validate(sum(call(1) * weight)),
                        "the weight of a branch is a finite number, found infinity or NaN");
}

TEST_CASE("a plan that would never end is refused", "[plan][validate]") {
  const Plan thousand = call(0) | Loop{1000};
  REQUIRE_NOTHROW(validate(thousand | Loop{10000}));
  REQUIRE_THROWS_WITH(validate(thousand | Loop{10001}),
                      "a plan makes at most 10000000 calls, loops unrolled, found more");
  REQUIRE_THROWS_AS(validate(Plan() | Loop{10000} | Loop{10000}), UsageError);
  Plan deep = call(0);
  for (int i = 0; i < 30; ++i) deep = deep | Loop{10000000};
  REQUIRE_THROWS_AS(validate(deep), UsageError);
}

TEST_CASE("nesting is limited", "[plan][validate]") {
  REQUIRE_NOTHROW(validate(nested_loops(32)));
  REQUIRE_THROWS_WITH(validate(nested_loops(33)),
                      "loops, groups and branches of a plan nest at most 64 deep, found more");
}

TEST_CASE("nodes that do not fit together are refused", "[plan][validate]") {
  const auto kind = [](NodeKind k, std::uint32_t value, std::uint32_t size) {
    return Node{.kind = k, .value = value, .size = size};
  };
  const std::vector<Plan> wrong{
      of_nodes({kind(NodeKind::call, 0, 0)}),
      of_nodes({kind(NodeKind::call, 0, 2), kind(NodeKind::call, 0, 1)}),
      of_nodes({kind(NodeKind::repeat, 2, 3), kind(NodeKind::call, 0, 1)}),
      of_nodes({kind(NodeKind::branch, 0, 2), kind(NodeKind::call, 0, 1)}),
      of_nodes({kind(NodeKind::mean, 1, 2), kind(NodeKind::call, 0, 1)}),
      of_nodes(
          {kind(NodeKind::mean, 2, 3), kind(NodeKind::branch, 0, 2), kind(NodeKind::call, 0, 1)}),
      of_nodes(
          {kind(NodeKind::mean, 1, 3), kind(NodeKind::branch, 0, 3), kind(NodeKind::call, 0, 1)}),
      of_nodes({kind(NodeKind::mean, 0, 1)}),
      of_nodes({kind(NodeKind::repeat, 0, 2), kind(NodeKind::call, 0, 1)}),
  };
  for (const Plan& plan : wrong) {
    CAPTURE(&plan - wrong.data());
    REQUIRE_THROWS_AS(validate(plan), UsageError);
  }
}
