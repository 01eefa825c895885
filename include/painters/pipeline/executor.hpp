// Runs plans over networks.
//
//   run<plan>(net, x)                    the plan is known, and checked, at compile time
//   run(plan, net, x)                    the plan is known at run time; the walk is the same
//   run(plan, net, x, hooks)             user code around the calls, see hooks.hpp
//   run(plan, net, x, memories)          a memory for each call site, see memories.hpp
//   run(plan, net, x, memories, hooks)   both
//
// x is the state, changed in place. All throw UsageError before anything has run if the plan does
// not fit the network, and pass on what layers and hooks throw; x is then left as it was in the
// middle of the run.
#pragma once

#include <concepts>
#include <cstdint>
#include <painters/pipeline/apply_call.hpp>
#include <painters/pipeline/cursor.hpp>
#include <painters/pipeline/fit.hpp>
#include <painters/pipeline/group_states.hpp>
#include <painters/pipeline/hook_names.hpp>
#include <painters/pipeline/hooks.hpp>
#include <painters/pipeline/memories.hpp>
#include <painters/pipeline/require.hpp>
#include <painters/pipeline/state.hpp>
#include <painters/pipeline/walk.hpp>
#include <painters/plan/plan.hpp>
#include <type_traits>

namespace painters {

namespace pipeline_detail {

/// The visitor that runs a plan: applies calls to x and keeps the states of its groups.
template <StateLike S, class Apply, class H>
class Execution {
 public:
  Execution(S& x, const Apply& apply, H& hooks) : x_(x), apply_(apply), hooks_(hooks) {}

  void call(const CallSite& site) {
    if constexpr (HasBeforeCall<H, S>) hooks_.before_call(site, x_);
    apply_(site, x_);
    last_layer_ = site.layer;
    if constexpr (HasAfterCall<H, S>) hooks_.after_call(site, x_);
  }
  void begin_group(const GroupSite& site) {
    if constexpr (HasBeginGroup<H, S>) hooks_.begin_group(site, x_);
    groups_.begin_group(site.branches, site.keep, x_);
  }
  void begin_branch(const BranchSite& site) {
    groups_.begin_branch(1, x_);
    if constexpr (HasBeginBranch<H, S>) hooks_.begin_branch(site, x_);
  }
  void end_branch(const BranchSite& site) {
    if constexpr (HasEndBranch<H, S>) hooks_.end_branch(site, x_);
    groups_.require_shape(site.coefficient, {site.end_call > site.first_call, last_layer_}, x_);
    groups_.end_branch(site.coefficient, x_);
  }
  void end_group(const GroupSite& site) {
    groups_.end_group(x_);
    if constexpr (HasEndGroup<H, S>) hooks_.end_group(site, x_);
  }

 private:
  S& x_;
  const Apply& apply_;
  H& hooks_;
  GroupStates<S> groups_;
  std::uint32_t last_layer_ = 0;  // that was called
};

}  // namespace pipeline_detail

/// Executes a plan that is known to fit: `apply(site, x)` makes each call, with whatever it keeps
/// for that call. run() and forward() rest on it; use it where a call needs more around it than a
/// memory.
template <StateLike S, class Apply, class H>
void execute(PlanView plan, S& x, const Apply& apply, H& hooks) {
  static_assert(
      pipeline_detail::EveryHookFits<H, S>,
      "painters: one of these hooks cannot be called: before_call and after_call take (const "
      "CallSite&, State&), begin_group and end_group (const GroupSite&, State&), begin_branch and "
      "end_branch (const BranchSite&, State&); const hooks have const members only");
  static_assert(
      Hooks<H, S> || std::same_as<H, NoHooks> || !pipeline_detail::EveryHookFits<H, S>,
      "painters: the hooks of a run must offer before_call, after_call, begin_group, end_group, "
      "begin_branch "
      "or end_branch, each callable with (site, x); memories are given as a non-const Memories");
  static_assert(pipeline_detail::require_hook_names<H, S>());
  pipeline_detail::Execution<S, Apply, H> execution(x, apply, hooks);
  walk(plan, execution);
}

namespace pipeline_detail {

template <class Net>
struct ApplyWithoutMemory {
  const Net& net;
  template <class S>
  void operator()(const CallSite& site, S& x) const {
    apply_call(net, site, x);
  }
};
template <class Net>
struct ApplyWithMemories {
  const Net& net;
  Memories& memories;
  template <class S>
  void operator()(const CallSite& site, S& x) const {
    apply_call(net, site, x, memories[site.number]);
  }
};

template <class T>
inline constexpr bool is_memories = std::same_as<std::remove_cvref_t<T>, Memories>;

/// Whether run() can be given these after the state.
template <class... Rest>
inline constexpr bool rest_fits = sizeof...(Rest) == 0;
template <class One>
inline constexpr bool rest_fits<One> = !std::same_as<One, const Memories&>;
template <class First, class Second>
inline constexpr bool rest_fits<First, Second> =
    is_memories<First>&& rest_fits<First> && !is_memories<Second>;

/// Compiles if they fit.
template <class... Rest>
consteval bool require_rest() {
  static_assert(!(std::same_as<Rest, const Memories&> || ...),
                "painters: a run writes to its memories: expected Memories that are not const");
  static_assert(rest_fits<Rest...> || (std::same_as<Rest, const Memories&> || ...),
                "painters: after the state a run takes nothing, memories, hooks, or memories and "
                "then hooks, found another number or order: run(plan, net, x, memories, hooks)");
  return true;
}

/// What a call gets.
template <class... Rest>
inline constexpr Given given = (is_memories<Rest> || ...) ? Given::memory : Given::state;

template <class Net, class S, class H = NoHooks>
void run_checked(PlanView plan, const Net& net, S& x, H&& hooks = {}) {
  const ApplyWithoutMemory<Net> apply{net};
  execute(plan, x, apply, hooks);
}

template <class Net, class S, class H = NoHooks>
void run_checked(PlanView plan, const Net& net, S& x, Memories& memories, H&& hooks = {}) {
  memories.require(plan);
  const ApplyWithMemories<Net> apply{net, memories};
  execute(plan, x, apply, hooks);
}

}  // namespace pipeline_detail

/// Runs a plan that is known at run time. `rest`: nothing, hooks, memories, or memories and hooks.
template <class Net, class S, class... Rest>
void run(PlanView plan, const Net& net, S& x, Rest&&... rest) {
  static_assert(pipeline_detail::require_types<Net, S, pipeline_detail::given<Rest...>>(
      pipeline_detail::layer_types<Net>()));
  static_assert(pipeline_detail::require_rest<Rest...>());
  static_assert((pipeline_detail::require_hook_names<std::remove_reference_t<Rest>, S>() && ...));
  if constexpr (pipeline_detail::rest_fits<Rest...>) {
    check_fit(plan, net);
    pipeline_detail::run_checked(plan, net, x, rest...);
  }
}

/// Runs a plan that is known at compile time and is checked then against whatever is known about
/// the network.
template <auto constexpr_plan, class Net, class S, class... Rest>
void run(const Net& net, S& x, Rest&&... rest) {
  static_assert(pipeline_detail::require_types<Net, S, pipeline_detail::given<Rest...>>(
      pipeline_detail::layer_types<Net>()));
  static_assert(pipeline_detail::require_rest<Rest...>());
  static_assert((pipeline_detail::require_hook_names<std::remove_reference_t<Rest>, S>() && ...));
  constexpr bool checked = pipeline_detail::check_fit_when_compiling<Net>(constexpr_plan);
  static constexpr StaticPlan<constexpr_plan.size()> nodes(constexpr_plan);
  if constexpr (pipeline_detail::rest_fits<Rest...>) {
    if constexpr (!checked) check_fit(nodes, net);
    pipeline_detail::run_checked(nodes, net, x, rest...);
  }
}

// The overloads below exist only to explain a mistake in one sentence.

/// Refuses what is not a plan.
template <class P, class Net, class S, class... Rest>
requires(!std::convertible_to<const P&, PlanView>) void run(const P&, const Net&, S&&, Rest&&...) {
  static_assert(
      std::convertible_to<const P&, PlanView>,
      "painters: run(plan, net, x) takes a plan first, such as Sequence<32>{}; a "
      "text becomes one by parse_plan(text, net.size()) or, at compile time, by _plan after it");
}
/// Refuses a temporary state.
template <class Net, class S, class... Rest>
void run(PlanView, const Net&, const S&&, Rest&&...) {
  static_assert(pipeline_detail::require_name<S>());
}
/// Refuses a temporary state.
template <auto constexpr_plan, class Net, class S, class... Rest>
void run(const Net&, const S&&, Rest&&...) {
  static_assert(pipeline_detail::require_name<S>());
}

}  // namespace painters
