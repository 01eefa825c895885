// The plan as a value: StaticPlan has a capacity known at compile time and may be a template
// argument, Plan has a run-time size. Both convert to PlanView, which all other code takes, and are
// equal when their contents are.
#pragma once

#include <array>
#include <compare>
#include <concepts>
#include <cstddef>
#include <vector>

#include <painters/plan/fail.hpp>
#include <painters/plan/node.hpp>
#include <painters/plan/run_elsewhere.hpp>

// In PlanView v = all | Reverse{1, 3}; the view outlives its plan. A compiler that knows this
// attribute warns of that; a temporary passed as an argument lives as long as the call.
#if defined(__has_cpp_attribute)
#if __has_cpp_attribute(clang::lifetimebound)
#define PAINTERS_LIFETIMEBOUND [[clang::lifetimebound]]
#endif
#endif
#ifndef PAINTERS_LIFETIMEBOUND
#define PAINTERS_LIFETIMEBOUND
#endif

namespace painters {

/// No plan has more nodes than this, so that no text and no combinator can exhaust the memory.
inline constexpr std::size_t max_nodes = 1'000'000;

/// Everything that can be seen as a plan: StaticPlan, Plan, PlanView and what derives from them.
template <class T>
concept PlanLike = std::convertible_to<const T&, PlanView>;

namespace plan_detail {

/// The base of plans that own their nodes; it carries the operators that all of them have.
struct OwnsNodes {
  /// Equal if the plans are written alike, node for node, whatever holds them: `0, 1 x2` is not
  /// `0, 1, 1`, although both do the same; see equivalent().
  template <class A, PlanLike B>
  requires std::derived_from<A, OwnsNodes>
  friend constexpr bool operator==(const A& a, const B& b) { return PlanView(a) == PlanView(b); }
  /// An order for sorting and for keys, see PlanView.
  template <class A, PlanLike B>
  requires std::derived_from<A, OwnsNodes>
  friend constexpr std::weak_ordering operator<=>(const A& a, const B& b) {
    return PlanView(a) <=> PlanView(b);
  }

  /// Exists only to explain a mistake.
  template <PlanLike A, PlanLike B>
  friend constexpr void operator|(const A&, const B&) {
    static_assert(
        !PlanLike<A>,
        "painters: plan | plan: what follows | is a combinator such as Reverse<13, 19>{}; "
        "to run one plan after another write sequence(a, b)");
  }
};

constexpr void require_nodes(std::size_t nodes, std::size_t column = 0) {
  if (nodes > max_nodes) fail("a plan has at most {} nodes, found more", {max_nodes}, column);
}

constexpr void require_capacity(std::size_t nodes, std::size_t capacity) {
  if (nodes > capacity)
    fail("the plan has {} nodes, but there is room for {}: take a StaticPlan of a larger capacity",
         {nodes, capacity});
}

}  // namespace plan_detail

/// A plan of at most Capacity nodes: structural, so it can be a template argument. Its members are
/// public for that reason only; read it through PlanView.
template <std::size_t Capacity>
struct StaticPlan : plan_detail::OwnsNodes {
  static constexpr std::size_t capacity = Capacity;  // the most nodes that it has room for

  std::array<Node, Capacity> nodes{};  // the first `count` of them are used
  std::size_t count = 0;               // nodes

  /// The plan that calls nothing.
  constexpr StaticPlan() = default;
  /// A copy. Fails if it does not fit.
  constexpr explicit StaticPlan(PlanView view) {
    plan_detail::require_capacity(view.size(), Capacity);
    for (std::size_t i = 0; i < view.size(); ++i) append(view[i]);
  }

  /// Adds a node at the end. Fails if there is no room.
  constexpr void append(const Node& node) {
    plan_detail::require_capacity(count + 1, Capacity);
    nodes[count++] = node;
  }

  /// Valid as long as this plan.
  constexpr operator PlanView() const PAINTERS_LIFETIMEBOUND { return {nodes.data(), count}; }
  /// Nodes; elements(plan), calls(plan) and steps(plan) of queries.hpp count what people count.
  constexpr std::size_t size() const { return count; }
  constexpr bool empty() const { return count == 0; }
};

/// A plan whose size is known only at run time.
class Plan : public plan_detail::OwnsNodes {
 public:
  /// The plan that calls nothing.
  constexpr Plan() = default;
  /// A copy.
  template <PlanLike P>
  constexpr Plan(const P& plan) {
    append(plan);
  }

  /// Valid until this plan ends or changes.
  constexpr operator PlanView() const PAINTERS_LIFETIMEBOUND {
    return {nodes_.data(), nodes_.size()};
  }
  /// Nodes; elements(plan), calls(plan) and steps(plan) of queries.hpp count what people count.
  constexpr std::size_t size() const { return nodes_.size(); }
  constexpr bool empty() const { return nodes_.empty(); }

  /// Adds nodes at the end. They may be nodes of this plan.
  constexpr void append(PlanView nodes) {
    const std::size_t before = size(), after = before + nodes.size();
    plan_detail::require_nodes(after);
    std::vector<Node> kept;  // alive until the end: `nodes` may view what moves out of here
    if (after > nodes_.capacity()) {
      kept.swap(nodes_);
      nodes_.reserve(after > 2 * before ? after : 2 * before);
      nodes_.insert(nodes_.end(), kept.begin(), kept.end());
    }
    for (std::size_t i = 0; i < nodes.size(); ++i) nodes_.push_back(nodes[i]);
  }
  /// The same for a single node.
  constexpr void append(const Node& node) { append(PlanView(&node, 1)); }

  /// Node i, to complete what is known only when its body is there.
  constexpr Node& operator[](std::size_t i) { return nodes_[i]; }
  constexpr const Node& operator[](std::size_t i) const { return nodes_[i]; }

 private:
  std::vector<Node> nodes_;
};

/// Plans whose capacity is known at compile time.
template <class P>
concept StaticPlanLike = requires {
  P::capacity;
}
&&std::derived_from<P, StaticPlan<P::capacity>>;

/// `plan` in exactly the room that it needs. As a template argument it has a short name, which is
/// the same for equal plans of any capacity.
template <auto plan>
requires StaticPlanLike<decltype(plan)>
inline constexpr StaticPlan<plan.size()> exact{plan};

}  // namespace painters

#undef PAINTERS_LIFETIMEBOUND
