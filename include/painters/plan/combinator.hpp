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
//
// For a change that is needed once, any function of a PlanView that returns a plan is a combinator
// too, alone and beside others:
//
//   const auto twice = [](PlanView plan) { return sequence(plan, plan); };
//   all | twice | Reverse{};    Skip{3} | twice;    window<13, 19>(twice)
//
// Two functions compose where a plan or a combinator stands before them, Loop<1>{} | twice | twice.
#pragma once

#include <concepts>
#include <cstddef>
#include <type_traits>

#include <painters/plan/plan.hpp>

namespace painters {

template <class C>
concept Combinator = requires(const C combinator, PlanView plan) {
  { combinator.transform(plan) } -> std::convertible_to<Plan>;
  { C::capacity(std::size_t{}) } -> std::same_as<std::size_t>;
};

/// A function that is no combinator by its type but can serve as one.
template <class F>
concept PlanChange = !Combinator<F> && !PlanLike<F> && requires(const F& function, PlanView plan) {
  { function(plan) } -> std::convertible_to<Plan>;
};

/// What can stand after | and in window() and each().
template <class C>
concept CombinatorLike = Combinator<C> || PlanChange<C>;

template <class First, class Rest>
struct Chain;

template <class F>
struct Changed;

namespace plan_detail {
template <class C>
inline constexpr bool is_chain = false;
template <class First, class Rest>
inline constexpr bool is_chain<Chain<First, Rest>> = true;

/// The combinator itself, or that which a function makes.
template <Combinator C>
constexpr const C& as_combinator(const C& combinator) {
  return combinator;
}
template <PlanChange F>
constexpr Changed<std::decay_t<F>> as_combinator(const F& function) {
  return Changed<std::decay_t<F>>(function);
}
/// The type of that.
template <class C>
struct AsCombinator {
  using type = C;
};
template <PlanChange F>
struct AsCombinator<F> {
  using type = Changed<std::decay_t<F>>;
};
template <class C>
using as_combinator_t = typename AsCombinator<C>::type;

/// What may have been meant as one.
template <class C>
concept NoCombinator = std::is_class_v<C> && !CombinatorLike<C> && !PlanLike<C>;

/// Compiles if C can stand after |.
template <class C>
consteval bool require_combinator() {
  static_assert(CombinatorLike<C>,
                "painters: expected a combinator such as Reverse<13, 19>{}, or a function that can "
                "be called as Plan(PlanView), found neither (is its operator() const?)");
  return true;
}

constexpr void require_room(std::size_t nodes, std::size_t room) {
  if (nodes > room)
    fail(
        "a function after | makes a plan of {} nodes, but there is room for {}: pipe a Plan into "
        "it, Plan(plan) | f, or give it a member capacity(nodes)",
        {nodes, room});
}
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
  template <CombinatorLike Next>
  friend constexpr auto operator|(const Self& self, const Next& next) {
    if constexpr (plan_detail::is_chain<Self>) {
      auto rest = self.rest | next;
      return Chain<decltype(self.first), decltype(rest)>(self.first, rest);
    } else {
      return Chain<Self, plan_detail::as_combinator_t<Next>>(self,
                                                             plan_detail::as_combinator(next));
    }
  }

  /// Exists only to explain a mistake.
  template <plan_detail::NoCombinator Next>
  friend constexpr void operator|(const Self&, const Next&) {
    static_assert(plan_detail::require_combinator<Next>());
  }

  /// First the function, then this combinator.
  template <PlanChange F>
  friend constexpr auto operator|(const F& function, const Self& self) {
    return plan_detail::as_combinator(function) | self;
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

/// The combinator that a function makes. Where its type has no `static constexpr capacity(nodes)`,
/// the plan that it makes of one of static capacity n has room for 4 n + 16 nodes.
template <class F>
struct Changed : PlanFunction<Changed<F>> {
  F function;  // of a PlanView

  /// See PlanChange.
  constexpr explicit Changed(const F& f) : function(f) {}

  static constexpr std::size_t capacity(std::size_t nodes) {
    if constexpr (requires { F::capacity(nodes); })
      return F::capacity(nodes);
    else
      return 4 * nodes + 16;
  }
  constexpr Plan transform(PlanView plan) const { return function(plan); }

  /// As of all combinators; what does not fit is explained.
  template <PlanLike P>
  constexpr auto operator()(const P& plan) const {
    const Plan made = transform(plan);
    if constexpr (StaticPlanLike<P>) {
      plan_detail::require_room(made.size(), capacity(P::capacity));
      return StaticPlan<capacity(P::capacity)>(made);
    } else {
      return made;
    }
  }
};

/// Applies a function to a plan.
template <PlanLike P, PlanChange F>
constexpr auto operator|(const P& plan, const F& function) {
  return plan_detail::as_combinator(function)(plan);
}

/// Exists only to explain a mistake.
template <PlanLike P, plan_detail::NoCombinator F>
constexpr void operator|(const P&, const F&) {
  static_assert(plan_detail::require_combinator<F>());
}

}  // namespace painters
