// The laws of combinators, for fixed plans at compile time and for random ones at run time.
#include <type_traits>

#include <painters/plan/combinators.hpp>
#include <painters/plan/queries.hpp>

#include "plan/random_plan.hpp"
#include "support/catch.hpp"

using namespace painters;

namespace {

struct Twice : PlanFunction<Twice> {
  static constexpr std::size_t capacity(std::size_t nodes) { return 2 * nodes; }
  constexpr Plan transform(PlanView plan) const {
    Plan out(plan);
    out.append(plan);
    return out;
  }
};

constexpr auto all = Sequence<32>{};
constexpr auto nested =
    sequence(call(3), mean(Sequence<4, 6>{}, call(7) * 0.5f), Sequence<8, 9>{} | Loop<2>{});

static_assert((nested | Twice{}) == sequence(nested, nested));
static_assert(Twice{}(nested) == (nested | Twice{}));
static_assert((nested | Reverse{} | Reverse{}) == nested);
static_assert((all | Reverse<13, 19>{} | Reverse<13, 19>{}) == all);
static_assert((nested | Loop<1>{}) == nested && (nested | Repeat<1>{}) == nested);
static_assert((nested | Swap<0, 2>{} | Swap<0, 2>{}) == nested);
static_assert((nested | Permute<1, 2, 0>{} | Permute<2, 0, 1>{}) == nested);
static_assert((nested | window<0, 2>(Reverse{})) == (nested | Reverse{}));

// Composition does not depend on brackets, in value and in type.
constexpr auto a = Reverse<1, 2>{};
constexpr auto b = Loop<3>{};
constexpr auto c = ParallelMean{};
static_assert((((nested | a) | b) | c) == (nested | (a | b | c)));
static_assert(std::is_same_v<decltype((a | b) | c), decltype(a | (b | c))>);
static_assert(std::is_same_v<decltype((a | b) | (c | a)), decltype(a | (b | (c | a)))>);
static_assert((a | b)(nested) == b(a(nested)));

// The static capacity of a plan is enough whatever is done to it.
constexpr auto stacked = all | Repeat<2>{} | ParallelMean{} | Damped<0.5>{} | Loop<2>{} |
                         each(Loop<3>{}) | window<0, 0>(ParallelSum{} | Loop<2>{});
static_assert(stacked.size() == 32 * 3 + 1 + 2 + 1 + 1 + 2 + 1);

std::vector<std::size_t> inverse(const std::vector<std::size_t>& order) {
  std::vector<std::size_t> result(order.size());
  for (std::size_t k = 0; k < order.size(); ++k) result[order[k]] = k;
  return result;
}

}  // namespace

TEST_CASE("reversing twice gives the plan itself", "[plan][laws]") {
  REQUIRE(rc::check([] {
    const Plan plan = *testing::random_plan();
    RC_ASSERT((plan | Reverse{} | Reverse{}) == plan);
  }));
}

TEST_CASE("a permutation and its inverse give the plan itself", "[plan][laws]") {
  REQUIRE(rc::check([](std::uint64_t seed) {
    const Plan plan = *testing::random_plan();
    std::vector<std::size_t> order = plan_detail::counted(elements(plan));
    CPythonRandom(seed).shuffle(order);
    RC_ASSERT((plan | Permute{order} | Permute{inverse(order)}) == plan);
    RC_ASSERT((plan | Permute{order}) == (plan | Shuffle{seed}));
  }));
}

TEST_CASE("swapping twice gives the plan itself", "[plan][laws]") {
  REQUIRE(rc::check([] {
    const Plan plan = *testing::random_plan();
    RC_PRE(!plan.empty());
    const auto i = *rc::gen::inRange<std::size_t>(0, elements(plan));
    const auto j = *rc::gen::inRange<std::size_t>(0, elements(plan));
    RC_ASSERT((plan | Swap{i, j} | Swap{i, j}) == plan);
    RC_ASSERT((plan | Swap{i, j}) == (plan | Swap{j, i}));
  }));
}

TEST_CASE("loop<1> and a window that changes nothing give the plan itself", "[plan][laws]") {
  REQUIRE(rc::check([] {
    const Plan plan = *testing::random_plan();
    RC_ASSERT((plan | Loop{1}) == plan);
    RC_ASSERT((plan | Repeat{1}) == plan);
    RC_PRE(!plan.empty());
    RC_ASSERT((plan | window(0, elements(plan) - 1, Loop{1})) == plan);
  }));
}

TEST_CASE("a loop of a loop makes the calls of one loop of the product", "[plan][laws]") {
  REQUIRE(rc::check([] {
    const Plan plan = *testing::random_plan();
    const auto outer = *rc::gen::inRange<std::uint64_t>(1, 4);
    const auto inner = *rc::gen::inRange<std::uint64_t>(1, 4);
    std::vector<Node> twice, once;
    for_each_call(plan | Loop{inner} | Loop{outer},
                  [&](const Node& node) { twice.push_back(node); });
    for_each_call(plan | Loop{inner * outer}, [&](const Node& node) { once.push_back(node); });
    RC_ASSERT(twice == once);
    RC_ASSERT(once.size() == outer * inner * calls(plan));
  }));
}

TEST_CASE("composition does not depend on brackets or on spelling", "[plan][laws]") {
  REQUIRE(rc::check([] {
    const Plan plan = sequence(*testing::random_plan(), Sequence<3>{});
    const auto two = plan | Reverse{0, 2} | Repeat{2} | ParallelMean{};
    RC_ASSERT((plan | (Reverse{0, 2} | (Repeat{2} | ParallelMean{}))) == two);
    RC_ASSERT((plan | Reverse<0, 2>{} | Repeat<2>{} | ParallelMean{}) == two);
    RC_ASSERT(ParallelMean{}(Repeat{2}(Reverse<0, 2>{}(plan))) == two);
  }));
}

TEST_CASE("skipping a window leaves what is around it", "[plan][laws]") {
  REQUIRE(rc::check([] {
    const Plan front = *testing::random_plan();
    const Plan middle_part = sequence(call(0), *testing::random_plan());
    const Plan back = *testing::random_plan();
    const std::size_t first = elements(front);
    const std::size_t last = first + elements(middle_part) - 1;
    const Plan plan = sequence(front, middle_part, back);
    RC_ASSERT((plan | Skip{first, last}) == sequence(front, back));
    RC_ASSERT((plan | window(first, last, Skip{})) == sequence(front, back));
  }));
}

TEST_CASE("a plan of static capacity becomes what the same run-time plan becomes", "[plan][laws]") {
  REQUIRE(rc::check([] {
    const auto seed = *rc::gen::arbitrary<std::uint64_t>();
    const auto first = *rc::gen::inRange<std::size_t>(0, 10);
    const auto last = first + *rc::gen::inRange<std::size_t>(0, 10);
    const auto change =
        window(first, last, Shuffle{seed} | ParallelMean{} | Loop{3}) | Damped{0.25f};
    RC_ASSERT((all | change) == (Plan(all) | change));
  }));
}
