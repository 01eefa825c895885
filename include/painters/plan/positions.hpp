// A range of positions in the plan that a combinator is applied to: its top-level elements
// first..last, both included, of which a group or a loop is one. In the plan of all layers in order
// these are the layers' numbers.
#pragma once

#include <cstddef>
#include <vector>

#include <painters/plan/build.hpp>

namespace painters {

namespace plan_detail {

constexpr bool require_upwards(std::size_t first, std::size_t last) {
  if (first > last)
    fail("a range of positions goes up, found {}..{}: write the smaller one first", {first, last});
  return true;
}

constexpr void require_range_inside(std::size_t first, std::size_t last, std::size_t elements) {
  require_upwards(first, last);
  if (last >= elements)
    fail("the range {}..{} is outside the plan, which has {} top-level elements, counted from 0",
         {first, last, elements});
}

constexpr void require_position_inside(std::size_t position, std::size_t elements) {
  if (position >= elements)
    fail("position {} is outside the plan, which has {} top-level elements, counted from 0",
         {position, elements});
}

}  // namespace plan_detail

/// `Positions<>`: the whole plan, or a range known only at run time. `Positions<i>`: one position.
/// `Positions<first, last>`: a range.
template <std::size_t... Bounds>
class Positions;

/// The whole plan, or a range known at run time.
template <>
class Positions<> {
 public:
  constexpr Positions() = default;
  /// Positions first to last, both included; checked where they meet a plan.
  constexpr Positions(std::size_t first, std::size_t last)
      : first_(first), last_(last), whole_(false) {}

  constexpr bool whole_plan() const { return whole_; }
  constexpr std::size_t first() const { return first_; }
  constexpr std::size_t last() const { return last_; }

 private:
  std::size_t first_ = 0;
  std::size_t last_ = 0;
  bool whole_ = true;
};

/// A range known at compile time.
template <std::size_t First, std::size_t Last>
class Positions<First, Last> {
 public:
  static_assert(plan_detail::require_upwards(First, Last));
  static constexpr bool whole_plan() { return false; }
  static constexpr std::size_t first() { return First; }
  static constexpr std::size_t last() { return Last; }
};

template <std::size_t Only>
class Positions<Only> : public Positions<Only, Only> {};

namespace plan_detail {

/// `plan` with the elements at `positions` replaced by change(these elements).
template <class Positions, class Change>
constexpr Plan change_at(PlanView plan, const Positions& positions, const Change& change) {
  if (positions.whole_plan()) return change(plan);
  const std::vector<std::size_t> starts = element_starts(plan);
  require_range_inside(positions.first(), positions.last(), starts.size() - 1);
  const std::size_t begin = starts[positions.first()];
  const std::size_t end = starts[positions.last() + 1];
  Plan out(PlanView(plan.data(), begin));
  out.append(change(PlanView(plan.data() + begin, end - begin)));
  out.append(PlanView(plan.data() + end, plan.size() - end));
  return out;
}

}  // namespace plan_detail
}  // namespace painters
