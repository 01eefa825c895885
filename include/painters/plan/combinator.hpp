// A combinator is a function from plans to plans: reversed = Reverse<13, 19>{}(plan), or plan |
// Reverse<13, 19>{}. Combinators compose before a plan is given: ParallelMean{} | Loop<3>{}. A plan
// of static capacity stays one.
//
// To write one, derive from PlanFunction and say what becomes of a plan and how many nodes that can
// take:
//
//   struct Twice : PlanFunction<Twice> {
//     static constexpr std::size_t capacity(std::size_t nodes) { return 2 * nodes; }
//     constexpr Plan transform(PlanView plan) const {
//       Plan out(plan);
//       out.append(plan);
//       return out;
//     }
//   };
#pragma once

#include <concepts>
#include <cstddef>

#include <painters/plan/plan.hpp>

namespace painters {

template <class C>
concept Combinator = requires(const C combinator, PlanView plan) {
  { combinator.transform(plan) } -> std::convertible_to<Plan>;
  { C::capacity(std::size_t{}) } -> std::same_as<std::size_t>;
};

template <class First, class Rest>
struct Chain;

namespace plan_detail {
template <class C>
inline constexpr bool is_chain = false;
template <class First, class Rest>
inline constexpr bool is_chain<Chain<First, Rest>> = true;
}  // namespace plan_detail

/// The base of combinators: applies them, with | or by a call.
template <class Self>
struct PlanFunction {
  /// StaticPlan for plans of static capacity, Plan for all others.
  template <PlanLike P>
  constexpr auto operator()(const P& plan) const {
    const Self& self = static_cast<const Self&>(*this);
    if constexpr (StaticPlanLike<P>)
      return StaticPlan<Self::capacity(P::capacity)>(self.transform(plan));
    else
      return Plan(self.transform(plan));
  }

  template <PlanLike P>
  friend constexpr auto operator|(const P& plan, const Self& combinator) {
    return combinator(plan);
  }

  /// First this combinator, then `next`. (a | b) | c and a | (b | c) have the same type.
  template <Combinator Next>
  friend constexpr auto operator|(const Self& self, const Next& next) {
    if constexpr (plan_detail::is_chain<Self>) {
      auto rest = self.rest | next;
      return Chain<decltype(self.first), decltype(rest)>(self.first, rest);
    } else {
      return Chain<Self, Next>(self, next);
    }
  }

  /// Exists only to explain a mistake.
  template <PlanLike P>
  friend constexpr void operator|(const Self&, const P&) {
    static_assert(!PlanLike<P>,
                  "painters: combinator | plan: the plan stands on the left, plan | combinator");
  }
};

/// First, then Rest: what combinator | combinator gives.
template <class First, class Rest>
struct Chain : PlanFunction<Chain<First, Rest>> {
  First first;  // applied first
  Rest rest;    // applied to what `first` gives

  /// See operator|.
  constexpr Chain(const First& f, const Rest& r) : first(f), rest(r) {}

  static constexpr std::size_t capacity(std::size_t nodes) {
    return Rest::capacity(First::capacity(nodes));
  }
  constexpr Plan transform(PlanView plan) const { return rest.transform(first.transform(plan)); }
};

}  // namespace painters
