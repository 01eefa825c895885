// Hooks let user code read or replace the state around every call and every parallel group of a
// run: captures, patching, steering, policies for memories. Any object will do that has at least
// one of
//
//   before_call(site, x)    after_call(site, x)     site: const CallSite&
//   begin_group(site, x)    end_group(site, x)      site: const GroupSite&
//   begin_branch(site, x)   end_branch(site, x)     site: const BranchSite&
//
// x is the state, a non-const reference to what the layers change. What is absent costs nothing.
// At the beginning of a group and of each of its branches x is the group's start; at the end of a
// branch it is the branch's result, and at the end of the group the group's. A policy for memories,
// such as one cache that all branches of a group share, is an object with group and branch hooks
// that holds the run's Memories; the sites say which calls are theirs.
#pragma once

#include <painters/pipeline/cursor.hpp>

namespace painters {

/// The hooks of a run without hooks.
struct NoHooks {};

namespace pipeline_detail {

template <class H, class State>
concept HasBeforeCall = requires(H& hooks, const CallSite& site, State& x) {
  hooks.before_call(site, x);
};
template <class H, class State>
concept HasAfterCall = requires(H& hooks, const CallSite& site, State& x) {
  hooks.after_call(site, x);
};
template <class H, class State>
concept HasBeginGroup = requires(H& hooks, const GroupSite& site, State& x) {
  hooks.begin_group(site, x);
};
template <class H, class State>
concept HasEndGroup = requires(H& hooks, const GroupSite& site, State& x) {
  hooks.end_group(site, x);
};
template <class H, class State>
concept HasBeginBranch = requires(H& hooks, const BranchSite& site, State& x) {
  hooks.begin_branch(site, x);
};
template <class H, class State>
concept HasEndBranch = requires(H& hooks, const BranchSite& site, State& x) {
  hooks.end_branch(site, x);
};

/// Whether every member with the name of a hook can be called as one: a wrong parameter must not
/// silence it.
template <class H, class State>
concept EveryHookFits = (HasBeforeCall<H, State> || !requires { &H::before_call; }) &&
                        (HasAfterCall<H, State> || !requires { &H::after_call; }) &&
                        (HasBeginGroup<H, State> || !requires { &H::begin_group; }) &&
                        (HasEndGroup<H, State> || !requires { &H::end_group; }) &&
                        (HasBeginBranch<H, State> || !requires { &H::begin_branch; }) &&
                        (HasEndBranch<H, State> || !requires { &H::end_branch; });

}  // namespace pipeline_detail

/// An object that can be given to run() as its hooks.
template <class H, class State>
concept Hooks =
    pipeline_detail::HasBeforeCall<H, State> || pipeline_detail::HasAfterCall<H, State> ||
    pipeline_detail::HasBeginGroup<H, State> || pipeline_detail::HasEndGroup<H, State> ||
    pipeline_detail::HasBeginBranch<H, State> || pipeline_detail::HasEndBranch<H, State>;

}  // namespace painters
