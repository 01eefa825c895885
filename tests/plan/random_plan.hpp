// Random plans for properties: nested loops, groups, branches, parts and weights, all of them
// valid.
#pragma once

#include <rapidcheck.h>

#include <cstdint>
#include <painters/plan/build.hpp>
#include <painters/plan/sequence.hpp>
#include <painters/plan/stream.hpp>

namespace painters::testing {

inline constexpr int random_layers = 12;

inline float random_weight() {
  switch (*rc::gen::inRange(0, 3)) {
    case 0:
      return 1.0f;
    case 1:
      return 0.5f;
    default:
      return static_cast<float>(*rc::gen::inRange(1, 1 << 30)) * 1e-6f;
  }
}

inline Plan draw_plan(int nesting);

inline Plan draw_element(int nesting) {
  const auto layer = [] { return static_cast<std::size_t>(*rc::gen::inRange(0, random_layers)); };
  switch (*rc::gen::inRange(0, nesting > 0 ? 6 : 3)) {
    case 0:
      return call(layer(), static_cast<Part>(*rc::gen::inRange(0, 5)));
    case 1:
      return Sequence{layer(), layer()};
    case 2: {
      Plan loop;
      plan_detail::append_repeat(loop, *rc::gen::inRange<std::uint64_t>(2, 5), call(layer()));
      return loop;
    }
    case 3: {
      Plan loop;
      plan_detail::append_repeat(loop, *rc::gen::inRange<std::uint64_t>(2, 4),
                                 draw_plan(nesting - 1));
      return loop;
    }
    default: {
      Plan branches;
      for (int count = *rc::gen::inRange(1, 5); count > 0; --count)
        plan_detail::append_branch(
            branches, random_weight(),
            *rc::gen::arbitrary<bool>() ? Plan(call(layer())) : draw_plan(nesting - 1));
      Plan group;
      plan_detail::append_group(group, *rc::gen::arbitrary<bool>() ? NodeKind::mean : NodeKind::sum,
                                branches);
      return group;
    }
  }
}

/// Up to 5 elements, at most `nesting` loops and groups inside each other.
inline Plan draw_plan(int nesting) {
  Plan plan;
  for (int count = *rc::gen::inRange(0, 6); count > 0; --count) plan.append(draw_element(nesting));
  return plan;
}

inline rc::Gen<Plan> random_plan() {
  return rc::gen::exec([] { return draw_plan(3); });
}

}  // namespace painters::testing
