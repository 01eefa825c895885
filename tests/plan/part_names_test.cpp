#include <painters/plan/part_names.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "plan/random_plan.hpp"
#include "support/catch.hpp"
#include "support/message.hpp"

#include <painters/plan/literal.hpp>
#include <painters/plan/parse.hpp>
#include <painters/plan/print.hpp>

using namespace painters;

namespace {

// Plans that are known at compile time take names, too.
static_assert("0..3.ffn, 2.part3"_plan == parse_plan("0..3.mlp, 2.part3", 5, {"mixer", "mlp"}));

PartNames of_layers(const std::vector<std::vector<std::string_view>>& lists) {
  PartNames names;
  for (const auto& list : lists) names.add_layer(list);
  return names;
}

/// Layers 0 and 1 have two parts, layer 2 one, layer 3 none.
const PartNames mixed = of_layers({{"mixer", "mlp"}, {"mlp", "mixer"}, {"mixer"}, {}});

std::string refusal(const std::string& text, const PartNames& names) {
  return support::message([&] { parse_plan(text, 12, names); });
}

}  // namespace

TEST_CASE("parts are called by the names that layers give them", "[plan][parse][parts]") {
  const PartNames names{"mixer", "mlp", "router"};
  CHECK(parse_plan("1.mixer, 2..3.router", 4, names) ==
        sequence(call(1, Part{1}), call(2, Part{3}), call(3, Part{3})));
  CHECK(to_string(parse_plan("1.mixer, 2.part2, 3.part7", 4, names), names) ==
        "1.mixer, 2.mlp, 3.part7");
}

TEST_CASE("a name can mean different parts in different layers", "[plan][parse][parts]") {
  const Plan plan = parse_plan("0..2.mixer, 1.mlp, 3.part1", 4, mixed);
  CHECK(plan == sequence(call(0, Part{1}), call(1, Part{2}), call(2, Part{1}), call(1, Part{1}),
                         call(3, Part{1})));
  CHECK(to_string(plan) == "0.attention, 1.ffn, 2.attention, 1.attention, 3.attention");
}

TEST_CASE("a plan printed with the names of its parts is read with them as the same plan",
          "[plan][print][parts]") {
  const std::vector<std::string_view> upwards{"mixer", "mlp"}, downwards{"mlp", "mixer"};
  const PartNames names = of_layers({upwards, downwards, upwards, upwards, upwards, {}});
  REQUIRE(rc::check([&] {
    const Plan plan = *testing::random_plan();
    RC_ASSERT(parse_plan(to_string(plan, names), testing::random_layers, names) == plan);
    RC_ASSERT(parse_plan(to_string(plan, {"mixer"}), testing::random_layers, {"mixer"}) == plan);
  }));
}

TEST_CASE("an unknown part is refused with the names that there are", "[plan][parse][parts]") {
  CHECK(refusal("1.attention", {"mixer", "mlp"}) ==
        "the plan's text, column 3: expected a part of a layer: mixer, mlp or part and its number, "
        "found 'attention'");
  CHECK(refusal("0..2.mlp", mixed) ==
        "the plan's text, column 6: expected a part of layer 2: mixer or part and its number, "
        "found 'mlp'");
  CHECK(refusal("3.mlp", mixed) ==
        "the plan's text, column 3: expected a part of layer 3: part and its number, found 'mlp'");
  CHECK(refusal("7.mlp", mixed) ==
        "the plan's text, column 3: expected a part of layer 7: part and its number, found 'mlp'");
}
