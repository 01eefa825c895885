// Checks a plan before it is run, with one set of sentences whether the plan is known at compile
// time or at run time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include <painters/plan/build.hpp>
#include <painters/plan/queries.hpp>

namespace painters {

/// Loops, groups and branches nest at most this deep.
inline constexpr std::size_t max_nesting = 64;

/// Stands for a number of layers that is not known yet.
inline constexpr std::size_t any_depth = std::numeric_limits<std::size_t>::max();

namespace plan_detail {

constexpr void require_layer_inside(std::size_t layer, std::size_t layers, std::size_t column = 0) {
  if (layer >= layers)
    fail("the plan names layer {}, but the model has {} layers, counted from 0", {layer, layers},
         column);
}

constexpr void require_calls(std::uint64_t count, std::size_t column) {
  if (count > max_calls)
    fail("a plan makes at most {} calls, loops unrolled, found more", {max_calls}, column);
}

constexpr void require_well_formed(bool well_formed, std::size_t node) {
  if (!well_formed)
    fail(
        "the nodes of the plan do not fit together at node {}: make plans with the combinators or "
        "from text",
        {node});
}

constexpr bool is_finite(float x) { return x - x == 0; }

/// One walk over a plan; `column` as for fail.
struct Validator {
  PlanView plan;
  std::size_t layers;
  std::size_t column;

  /// The work of nodes [begin, end): calls with loops unrolled, each pass of a loop at least 1.
  constexpr std::uint64_t work(std::size_t begin, std::size_t end, std::size_t nesting) const {
    if (nesting > max_nesting)
      fail("loops, groups and branches of a plan nest at most {} deep, found more", {max_nesting},
           column);
    std::uint64_t count = 0;
    for (std::size_t i = begin; i < end; i = plan.next(i)) {
      require_well_formed(plan[i].size >= 1 && plan[i].size <= end - i, i);
      count += work_of(i, nesting);
      require_calls(count, column);
    }
    return count;
  }

 private:
  constexpr std::uint64_t work_of(std::size_t i, std::size_t nesting) const {
    const Node& node = plan[i];
    switch (node.kind) {
      case NodeKind::call:
        require_well_formed(node.size == 1, i);
        require_layer_inside(node.value, layers, column);
        return 1;
      case NodeKind::repeat: {
        require_times(node.value);
        const std::uint64_t once = work(i + 1, plan.next(i), nesting + 1);
        return node.value * (once > 0 ? once : 1);
      }
      case NodeKind::mean:
      case NodeKind::sum:
        return branches(i, nesting + 1);
      case NodeKind::branch:
        break;
    }
    require_well_formed(false, i);
    return 0;
  }

  constexpr std::uint64_t branches(std::size_t group, std::size_t nesting) const {
    std::uint64_t count = 0;
    std::uint32_t found = 0;
    double weights = 0;
    for (std::size_t i = group + 1; i < plan.next(group); i = plan.next(i), ++found) {
      const Node& branch = plan[i];
      require_well_formed(branch.kind == NodeKind::branch && branch.size >= 1 &&
                              branch.size <= plan.next(group) - i,
                          i);
      if (!is_finite(branch.weight))
        fail("the weight of a branch is a finite number, found infinity or NaN", {}, column);
      weights += branch.weight;
      count += work(i + 1, plan.next(i), nesting + 1);
      require_calls(count, column);
    }
    require_branches(found, column);
    require_well_formed(found == plan[group].value, group);
    if (plan[group].kind == NodeKind::mean && weights == 0)
      fail("the weights of a mean are divided by their sum, found a sum of 0: use sum", {}, column);
    return count;
  }
};

}  // namespace plan_detail

/// Fails with UsageError unless a model of that many layers can run the plan: its layers exist,
/// groups have branches, weights are finite and those of a mean do not sum to 0, and it ends within
/// max_calls calls. In a constant expression a mistake is a compile error. `column`: where the plan
/// is in a text, see plan_detail::fail.
constexpr void validate(PlanView plan, std::size_t layers = any_depth, std::size_t column = 0) {
  plan_detail::Validator{plan, layers, column}.work(0, plan.size(), 0);
}

/// The same for a plan that is a template argument, as a constant: static_assert(validate<...>()).
template <auto plan, std::size_t layers>
requires StaticPlanLike<decltype(plan)>
consteval bool validate() {
  validate(plan, layers);
  return true;
}

}  // namespace painters
